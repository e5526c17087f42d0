import { afterAll, beforeAll, expect, test } from "vitest";
import { dayMs } from "../clock.ts";
import { datasets } from "../control/truth.ts";
import { type NewEden, startNewEden } from "../index.ts";
import { control } from "../test/client.ts";

let eden: NewEden;
const before: Record<string, unknown> = {};
const truth = (dataset: string) => {
  const corporationId = eden.world.corporations[0]?.corporationId;
  return control(eden.url, "GET", `/truth/${corporationId}/${dataset}?live=1`);
};

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 400, assets: 3000, journalPerDay: 300 }] });
  for (const dataset of Object.keys(datasets)) before[dataset] = await truth(dataset);
  eden.clock.advance(20 * dayMs);
});
afterAll(() => eden.close());

/** Set up once in the game and hardly ever touched. */
const still = new Set([
  "alliance-history",
  "icons",
  "divisions",
  "titles",
  "member-limit",
  "shareholders",
  "facilities",
  "customs-offices",
  "skyhooks",
  "sovereignty-hubs",
  "contact-labels",
  "medals",
]);

test.each(Object.keys(datasets).filter((name) => !still.has(name)))("%s changes as time goes by", async (dataset) => {
  const now = await truth(dataset);

  expect(now).not.toEqual(before[dataset]);
});
