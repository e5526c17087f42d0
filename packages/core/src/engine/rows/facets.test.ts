import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { putRows } from "../../../test/rows.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import type { Dataset, Row } from "../dataset/index.ts";
import { states } from "../state/state.entity.ts";
import * as Rows from "./index.ts";
import { openFor } from "./query.ts";
import { match } from "./select.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 10, assets: 5, journalPerDay: 1 }] });
});
afterAll(() => world?.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

/** Texts that fold, split, number or mark alike, and few enough of each that rows share them. */
const texts = [
  "Ammo, cheap",
  " Ammo, cheap",
  "ammo, cheap",
  "",
  "7",
  "07",
  "7.0",
  "null",
  "<b>Bold</b>",
  "Bold",
  "ß",
  "SS",
];
const numbers = [0, -0, 7, -7, 0.1, 1e21, 1e-7, 2 ** 53 - 1, 1234567.89];

/** Values of a column as its schema has them; of dates, few moments in more than one form. */
function valuesOf(schema: z.core.$ZodType, kind: string | undefined, now: number): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) {
    return fc.option(valuesOf(schema.unwrap() as z.core.$ZodType, kind, now), { nil: undefined });
  }
  if (kind === "date") return fc.constantFrom(...[0, 1, 60_000].map((ago) => new Date(now - ago).toISOString()));
  if (schema instanceof z.ZodNumberFormat) return fc.constantFrom(...numbers.filter(Number.isSafeInteger));
  if (schema instanceof z.ZodNumber) return fc.constantFrom(...numbers);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodString) return fc.constantFrom(...texts);
  const text = fc.constantFrom(...texts);
  if (schema instanceof z.ZodArray) return fc.array(text, { maxLength: 2 });
  return fc.dictionary(fc.constantFrom("a", "b"), text, { maxKeys: 2 });
}

function rowsOf({ row, columns, key }: Dataset, now: number): fc.Arbitrary<Row[]> {
  const fields = Object.entries(row.shape).map(
    ([name, schema]) => [name, valuesOf(schema as z.core.$ZodType, columns[name]?.kind, now)] as const,
  );
  const one = fc.record(Object.fromEntries(fields));
  return fc.array(one, { minLength: 1, maxLength: 25 }).map((all) =>
    all.map((each, index) => ({
      ...each,
      ...Object.fromEntries(
        key
          .filter((name) => columns[name]?.kind !== "date")
          .map((name) => [name, row.shape[name] instanceof z.ZodString ? `k${index}` : index + 1]),
      ),
    })),
  );
}

async function put(corporationId: number, dataset: Dataset, rows: Row[], now: number): Promise<void> {
  const month = dataset.storage === "ledger" ? new Date(now).toISOString().slice(0, 7) : undefined;
  await putRows(Owner.corporation(corporationId), dataset, rows, month);
  if (month)
    await states()
      .put({ owner: `corporation#${corporationId}`, dataset: dataset.name, firstMonth: month })
      .go();
}

test.each([
  "public-info",
  "member-tracking",
  "titles",
  "assets",
  "orders",
  "contracts",
  "industry-jobs",
  "structures",
  "wallet-journal",
  "sovereignty-hub-details",
  "container-logs",
])(
  "%s: in every column a filter finds as many rows as the facet counts, and the facets count all rows",
  async (name) => {
    const dataset = getDataset(name);
    const now = Date.now();
    await fc.assert(
      fc.asyncProperty(rowsOf(dataset, now), async (rows) => {
        const query = { owner: Owner.corporation(randomInt(2 ** 40)), dataset: name };
        await put(query.owner.id, dataset, rows, now);
        const { table, names } = await asSystem(() => openFor({ ...query, filters: {} }));

        for (const column of Object.keys(table.columns)) {
          const facets = await asSystem(() => Rows.facets({ ...query, column }));
          const counts = facets.map(({ value }) => {
            // As a page asks: with what came as JSON, as a text.
            const sent = JSON.parse(JSON.stringify(value));
            const text = typeof sent === "object" ? JSON.stringify(sent) : String(sent);
            const asked = value === null ? { filters: {}, absent: [column] } : { filters: { [column]: [text] } };
            return match(table, names, asked).reduce((sum, mark) => sum + mark, 0);
          });
          expect([column, counts]).toEqual([column, facets.map(({ count }) => count)]);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        }
      }),
      { numRuns: 2 },
    );
  },
);
