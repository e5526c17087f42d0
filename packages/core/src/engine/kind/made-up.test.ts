import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { startOwnStack } from "../../../test/dead-letter.ts";
import { consumed, receiveBatch } from "../../../test/queues.ts";
import { put, scan } from "../../../test/table.ts";
import { character, keyOf, type Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import * as Agenda from "../agenda/index.ts";
import { catalogueOf } from "../catalogue/index.ts";
import { define, type FetchContext } from "../dataset/index.ts";
import * as Freshness from "../freshness/index.ts";
import * as History from "../history/index.ts";
import * as Refresh from "../refresh/index.ts";
import * as Rows from "../rows/index.ts";
import * as Schedule from "../schedule/index.ts";
import { type Enrolled, type Fetcher, register, TokenRefusedError } from "./index.ts";

// A kind of owner that only this file knows: no file of the engine has heard of it.

const queue = "members";
const asSystem = <T>(body: () => Promise<T>) => Actor.provide({ type: "system", name: "test" }, body);
const asUser = <T>(userId: string, body: () => Promise<T>) =>
  Actor.provide({ type: "user", userId, sessionId: "test" }, body);

let stack: { close(): Promise<void> };
let owner: Owner;
/** Enrolled owners, by key. */
const enrolled = new Map<string, Enrolled>();
let dice: { id: number; pips: number }[] = [];
let asked: Pick<FetchContext, "owner" | "accessToken" | "characterId">[] = [];
let failures: unknown[] = [];
let fetchers: Fetcher[] = [];

const throws = define({
  name: "throws",
  title: "Throws",
  screen: { group: "Members", place: "home" },
  queue,
  operations: ["GetCharactersCharacterIdTitles"],
  storage: "snapshot",
  row: z.object({ id: z.int(), pips: z.int() }),
  key: ["id"],
  columns: { id: { title: "Die", kind: "id" }, pips: { title: "Pips", kind: "number" } },
  sort: "id",
  history: ({ change, row }) => ({ kind: "die.thrown", text: `Die ${row.id} was ${change}.` }),
  fetch: ({ owner, accessToken, characterId }) => {
    asked.push({ owner, ...(accessToken ? { accessToken } : {}), ...(characterId ? { characterId } : {}) });
    const staleAt = Date.now() + 60_000;
    return Promise.resolve({ parts: [{ part: "", rows: dice, validator: { etags: [] } }], staleAt, cost: 1 });
  },
});

const fetcher = (characterId: number, accessToken: Fetcher["accessToken"]): Fetcher => ({
  characterId,
  name: `Player ${characterId}`,
  accessToken,
  expireAccessToken: () => Promise.resolve(),
  recordSuccess: () => Promise.resolve(),
  recordFailure: (error) => Promise.resolve(void failures.push(error)),
});

beforeAll(async () => {
  stack = await startOwnStack();
  register({
    kind: "character",
    datasets: catalogueOf([throws]),
    names: [],
    find: ({ id }) => Promise.resolve(enrolled.get(keyOf(character(id)))),
    setTier: () => Promise.resolve(),
    fetchers: () => Promise.resolve(fetchers),
    whyBlocked: () => Promise.resolve({ code: "player.none", message: "Nobody plays." }),
    payers: () => Promise.resolve([]),
    requireReader: () => {
      const actor = Actor.use();
      if (actor.type === "system" || (actor.type === "user" && actor.userId === "player")) return Promise.resolve();
      return Promise.reject(new VisibleError("not_found", "player.not_found", "No such player."));
    },
    requireActive: () => Promise.resolve(),
  });
});
afterAll(() => stack?.close());
beforeEach(async () => {
  [asked, failures] = [[], []];
  dice = [
    { id: 1, pips: 3 },
    { id: 2, pips: 5 },
  ];
  fetchers = [fetcher(7, () => Promise.resolve("token of 7"))];
  owner = character(randomInt(2_000_000, 2_000_000_000));
  enrolled.set(keyOf(owner), { owner, name: "Ann", tier: "P3", addedAt: Date.now(), isActive: true });
  await asSystem(() => Agenda.wake(owner, "P3"));
});

/** Works on what is queued, as a worker does. */
async function work(): Promise<number> {
  let count = 0;
  for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) {
    for (const { Body = "" } of batch) await asSystem(() => Refresh.run(JSON.parse(Body)));
    await consumed(queue, batch);
    count += batch.length;
  }
  return count;
}

const rows = () => asUser("player", () => Rows.list({ owner, dataset: "throws" }));

test("an owner of any kind is scheduled, fetched with its fetchers' tokens, stored and read", async () => {
  await asSystem(() => Schedule.dispatchNow(owner));
  expect(await work()).toBe(1);
  dice = [{ id: 1, pips: 6 }];
  const [board] = await asUser("player", () => Freshness.board({ owner }));

  expect(asked).toEqual([{ owner, accessToken: "token of 7", characterId: 7 }]);
  expect((await rows()).rows).toEqual([
    { id: 1, pips: 3 },
    { id: 2, pips: 5 },
  ]);
  expect(board).toMatchObject({ dataset: "throws", status: "fresh", tier: "P3", fetcher: { characterId: 7 } });
});

test("its readers alone read it", async () => {
  await asSystem(() => Refresh.run({ owner, datasets: ["throws"], reason: "schedule" }));

  const asks: (() => Promise<unknown>)[] = [
    () => Rows.list({ owner, dataset: "throws" }),
    () => Rows.csv({ owner, dataset: "throws" }),
    () => Rows.facets({ owner, dataset: "throws", column: "pips" }),
    () => Freshness.board({ owner }),
    () => History.feed({ owner }),
    () => History.between({ owner, dataset: "throws", from: "2020-01-01" }),
    () => Refresh.request({ owner, dataset: "throws" }),
    () => Refresh.requestAll({ owner }),
  ];
  for (const ask of asks) {
    await expect(asUser("somebody else", ask)).rejects.toMatchObject({ code: "player.not_found" });
  }
});

test("where one fetcher's token is refused the next one fetches; without any the dataset says why", async () => {
  const refusing = fetcher(6, () => Promise.reject(new TokenRefusedError("dead")));
  fetchers = [refusing, ...fetchers];
  await asSystem(() => Refresh.run({ owner, datasets: ["throws"], reason: "schedule" }));
  const after = await rows();
  fetchers = [];
  const other = character(owner.id + 1);
  enrolled.set(keyOf(other), { owner: other, name: "Bob", tier: "P3", addedAt: Date.now(), isActive: true });
  await asSystem(() => Refresh.run({ owner: other, datasets: ["throws"], reason: "schedule" }));
  const [board] = await asUser("player", () => Freshness.board({ owner: other }));

  expect(failures).toEqual([expect.any(TokenRefusedError)]);
  expect(after.meta.total).toBe(2);
  expect(board).toMatchObject({ status: "blocked", lastError: { code: "player.none", message: "Nobody plays." } });
});

test("what is stored of an owner that is gone is swept by its next message", async () => {
  await asSystem(() => Refresh.run({ owner, datasets: ["throws"], reason: "schedule" }));
  enrolled.delete(keyOf(owner));
  await asSystem(() => Refresh.run({ owner, datasets: ["throws"], reason: "schedule" }));
  await asSystem(() => Agenda.remove(owner, Date.now()));

  expect((await scan()).filter(({ pk, sk }) => `${pk} ${sk}`.includes(keyOf(owner)))).toEqual([]);
});

test("a row of the agenda that an earlier release wrote is read, found and changed", async () => {
  const id = randomInt(98_000_000, 99_000_000);
  const stored = { shard: id % 16, corporationId: id, tier: "P2", wakeAt: 1_000, sent: { members: 5 } };
  const keys = { pk: `schedule#${id % 16}`, sk: `corporation#${id}`, __edb_e__: "schedule", __edb_v__: "1" };
  await put({ ...stored, ...keys });
  const former: Owner = { kind: "corporation", id };

  const [all, found] = await asSystem(async () => [await Agenda.readAll(), await Agenda.find(former)] as const);
  await Agenda.save(former, { wakeAt: 2_000, sent: {} });
  const [saved] = (await asSystem(Agenda.readAll)).filter((row) => row.owner.id === id);
  await asSystem(() => Agenda.remove(former, Date.now()));

  expect(all).toContainEqual({ owner: former, tier: "P2", wakeAt: 1_000, sent: { members: 5 } });
  expect(found).toMatchObject({ owner: former, tier: "P2", sent: { members: 5 } });
  expect(saved).toMatchObject({ wakeAt: 2_000, sent: {} });
  expect((await asSystem(Agenda.readAll)).filter((row) => row.owner.id === id)).toEqual([]);
});
