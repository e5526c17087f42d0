import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Owner from "../../owner/index.ts";
import { datasets as all } from "../../owners/corporation/datasets/index.ts";
import { packJson, unpackJson } from "../../platform/gzip/index.ts";
import { columnSetOf, type Dataset } from "../dataset/index.ts";
import type { State } from "./index.ts";
import { validators } from "./state.entity.ts";
import { load, save } from "./validators.ts";

const dataset = all.find(({ name }) => name === "contract-items") as Dataset;
const seen = { stamp: "3", answers: 2 };

const stateOf = () =>
  ({
    owner: Owner.corporation(randomInt(98_000_000, 99_000_000)),
    dataset: dataset.name,
    version: 4,
    fence: 7,
  }) as State;
const keyOf = ({ owner }: State) => ({ owner: Owner.keyOf(owner), dataset: dataset.name });

test("what an earlier release stored of empty answers counts on, and is stored under the same name", async () => {
  const state = stateOf();
  const stored = { "": { etags: [], items: { 12: { expiresAt: 5, unsaid: seen }, 13: { expiresAt: 6 } } } };
  await validators()
    .put({ ...keyOf(state), version: 4, fence: 7, columnSet: columnSetOf(dataset), data: await packJson(stored) })
    .go();

  const known = await load(state, dataset);
  await save(state, dataset, 4, known);

  expect(known[""]?.items).toEqual({ 12: { expiresAt: 5, emptyAnswers: seen }, 13: { expiresAt: 6 } });
  const { data } = await validators().get(keyOf(state)).go();
  expect(await unpackJson([data?.data as Uint8Array])).toEqual(stored);
});
