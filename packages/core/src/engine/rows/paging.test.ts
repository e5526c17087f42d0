import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putRows } from "../../../test/rows.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import type { Row } from "../dataset/index.ts";
import * as Rows from "./index.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
});
afterAll(() => world?.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

async function put(corporationId: number, dataset: string, rows: Row[]): Promise<void> {
  await world.advance(60);
  await putRows(Owner.corporation(corporationId), getDataset(dataset), rows);
}

type Member = Row & {
  character_id: number;
  name?: string;
};

/** Few names, so that many rows share one; some fold to the same, some have none. */
const named = fc.option(fc.constantFrom("Aria", "aria", "Ária", "A10", "A9", "", "Kael"), { nil: undefined });
const roster = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((character_id) =>
        named.map((name): Member => ({ character_id, ...(name === undefined ? {} : { name }) })),
      ),
    ),
  );

test("rows that come, go and change between pages: each row of the first page's version comes exactly once, in order", async () => {
  const orders = fc.constantFrom("name", "-name", "character_id", "-character_id");
  await fc.assert(
    fc.asyncProperty(fc.array(roster, { minLength: 2, maxLength: 4 }), orders, async (versions, sort) => {
      const corporationId = randomInt(2 ** 40);
      const ask = (more: object) =>
        asSystem(() =>
          Rows.list({ owner: Owner.corporation(corporationId), dataset: "members", sort, limit: 7, ...more }),
        );
      const [first = [], ...later] = versions;
      await put(corporationId, "members", first);
      const whole = (await ask({ limit: 500 })).rows;

      const paged: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask(cursor ? { cursor } : {});
        paged.push(...page.rows);
        cursor = page.meta.nextCursor;
        const next = later.shift();
        if (next) await put(corporationId, "members", next);
      } while (cursor);

      expect(paged).toEqual(whole);
      expect(paged).toHaveLength(first.length);
    }),
    { numRuns: 12 },
  );
});

test("six rows that arrive between two pages repeat none and hide none, in a file's parts as well", async () => {
  const corporationId = randomInt(2 ** 40);
  const pilot = (at: number) => ({ character_id: at, name: `Pilot ${at}` });
  await put(
    corporationId,
    "members",
    Array.from({ length: 100 }, (_, at) => pilot(at + 100)),
  );
  const ask = (cursor?: string) =>
    asSystem(() =>
      Rows.list({
        owner: Owner.corporation(corporationId),
        dataset: "members",
        sort: "character_id",
        limit: 50,
        ...(cursor ? { cursor } : {}),
      }),
    );

  const one = await ask();
  await put(
    corporationId,
    "members",
    Array.from({ length: 106 }, (_, at) => pilot(at + 94)),
  );
  const two = await ask(one.meta.nextCursor);

  const ids = [...one.rows, ...two.rows].map((row) => row.character_id);
  expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => at + 100));
  expect(two.meta).toEqual({ total: 100, matched: 100, version: one.meta.version });
});

test("a cursor goes on in its own list alone, under the same conditions", async () => {
  const corporationId = randomInt(2 ** 40);
  const rows = Array.from({ length: 9 }, (_, at) => ({ character_id: at + 1, name: `Pilot ${at}` }));
  await put(corporationId, "members", rows);
  const list = { owner: Owner.corporation(corporationId), dataset: "members", search: "pilot", sort: "name", limit: 4 };
  const { meta } = await asSystem(() => Rows.list(list));
  const cursor = meta.nextCursor as string;
  const flipped = cursor.replace(/.$/, (last) => (last === "A" ? "B" : "A"));

  const refused = [
    () => Rows.list({ ...list, owner: Owner.corporation(corporationId + 1), cursor }),
    () => Rows.list({ ...list, dataset: "roles", sort: "character_id", cursor }),
    () => Rows.list({ ...list, search: "pilo", cursor }),
    () => Rows.list({ ...list, sort: "-name", cursor }),
    () => Rows.list({ ...list, filters: { name: "Pilot 1" }, cursor }),
    () => Rows.list({ ...list, absent: ["name"], cursor }),
    () => Rows.list({ ...list, at: "2026-11-20", cursor }),
    () =>
      Rows.csv({ owner: Owner.corporation(corporationId), dataset: "members", search: "pilot", sort: "name", cursor }),
    () => Rows.list({ ...list, cursor: flipped }),
    () => Rows.list({ ...list, cursor: `${cursor}A` }),
    () => Rows.list({ ...list, cursor: `${cursor}=` }),
    () => Rows.list({ ...list, cursor: cursor.slice(1) }),
    () => Rows.list({ ...list, cursor: "" }),
    () => Rows.list({ ...list, cursor: Buffer.from('{"offset":4}').toString("base64url") }),
  ].map((ask: () => Promise<unknown>) => asSystem(ask).catch(({ code }) => code));

  expect(await Promise.all(refused)).toEqual(refused.map(() => "rows.bad_cursor"));
  expect((await asSystem(() => Rows.list({ ...list, limit: 5, cursor }))).rows).toHaveLength(5);
});

const values = fc.constantFrom(
  ...[
    "Ammo, cheap",
    "ammo, cheap",
    " outer ",
    "",
    ",",
    '"',
    "null",
    "undefined",
    "1",
    "01",
    "é",
    "e\u0301",
    "É",
    "İ",
    "i",
  ],
  undefined,
);

test("a filter finds as many rows as the facet counts, for every value there is and for none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(values, { maxLength: 40 }), async (names) => {
      const corporationId = randomInt(2 ** 40);
      const rows = names.map((name, at) => ({ character_id: at + 1, ...(name === undefined ? {} : { name }) }));
      await put(corporationId, "members", rows);
      const list = { owner: Owner.corporation(corporationId), dataset: "members" };

      for (const column of ["name", "character_id"]) {
        const facets = await asSystem(() => Rows.facets({ ...list, column }));
        const counts = await Promise.all(
          facets.map(async ({ value }) => {
            const asked = value === null ? { absent: [column] } : { filters: { [column]: [String(value)] } };
            return (await asSystem(() => Rows.list({ ...list, ...asked }))).meta.matched;
          }),
        );
        expect(counts).toEqual(facets.map(({ count }) => count));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(names.length);
      }
    }),
    { numRuns: 12 },
  );
});

test("a search finds names without regard to case, accents, ligatures and width", async () => {
  const corporationId = randomInt(2 ** 40);
  const names = ["İstanbul", "straße", "Ünïcödé", "ﬁre", "Łódź", "ＷＩＤＥ"];
  await put(
    corporationId,
    "members",
    names.map((name, at) => ({ character_id: at + 1, name })),
  );
  const search = async (text: string) =>
    (
      await asSystem(() => Rows.list({ owner: Owner.corporation(corporationId), dataset: "members", search: text }))
    ).rows.map(({ name }) => name);

  const found = await Promise.all(["istanbul", "STRASSE", "unicode", "FIRE", "lodz", "wide"].map(search));

  expect(found).toEqual(names.map((name) => [name]));
});

test("a file of 250,000 assets comes in parts that Lambda can answer, and put together they hold each row once", async () => {
  const corporationId = randomInt(2 ** 40);
  const count = 250_000;
  const rows = Array.from({ length: count }, (_, at) => ({
    item_id: 1_000_000_000_000 + at,
    type_id: 34 + (at % 50),
    quantity: at,
    location_id: 60_003_760,
    location_type: "station",
    location_flag: `CorpSAG${(at % 7) + 1}`,
    is_singleton: false,
  }));
  await put(corporationId, "assets", rows);

  const seen = new Set<string>();
  let cursor: string | undefined;
  let parts = 0;
  do {
    const part = await asSystem(() =>
      Rows.csv({
        owner: Owner.corporation(corporationId),
        dataset: "assets",
        sort: "-quantity",
        profile: "raw",
        ...(cursor ? { cursor } : {}),
      }),
    );
    expect(Buffer.byteLength(JSON.stringify(part.text))).toBeLessThan(6 * 1024 * 1024);
    const lines = part.text
      .trimEnd()
      .split("\r\n")
      .slice(parts === 0 ? 1 : 0);
    for (const line of lines) seen.add(line.slice(0, line.indexOf(",")));
    cursor = part.nextCursor;
    parts += 1;
  } while (cursor);

  expect(seen.size).toBe(count);
  expect(parts).toBeGreaterThan(4);
}, 120_000);
