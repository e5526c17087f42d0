import * as z from "zod";
import { askPages } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { expectPagination } from "../../../../engine/dataset/fetch.ts";
import { define, type FetchContext, type Row } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";
import * as StaticData from "../../../../eve/static-data/index.ts";

const operation = "GetCorporationCorporationIdMiningObserversObserverId";
expectPagination(operation, "x-pages");

const dayMs = 86_400_000;

interface Observer extends Item {
  id: number;
}

async function observers(context: FetchContext): Promise<Observer[]> {
  const list = await context.view("mining-observers");
  const yesterday = new Date(Date.now() - dayMs).toISOString().slice(0, 10);
  return list.rows().map(({ observer_id, last_updated }) => ({
    id: observer_id as number,
    part: String(observer_id),
    stamp: last_updated as string,
    // The date says nothing of what is mined later on the same day.
    live: (last_updated as string) >= yesterday,
  }));
}

export const miningLedger = define({
  name: "mining-ledger",
  title: "Mining ledger",
  screen: { group: "Industry", place: "main" },
  queue: "industry",
  operations: [operation],
  // ESI hands out a month. The figures of a day grow until it is over; a day that is past stays as it is.
  storage: "ledger",
  dateColumn: "last_updated",
  detailOf: "mining-observers",
  row: z.object({
    last_updated: z.string(),
    observer_id: z.int(),
    character_id: z.int(),
    character_name: z.string().optional(),
    recorded_corporation_id: z.int(),
    type_id: z.int(),
    quantity: z.int(),
  }),
  key: ["last_updated", "observer_id", "character_id", "recorded_corporation_id", "type_id"],
  columns: {
    last_updated: { title: "Day", kind: "date" },
    character_name: { title: "Pilot", kind: "text" },
    type_id: { title: "Ore", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    observer_id: { title: "Observer", kind: "location" },
    recorded_corporation_id: { title: "Corporation", kind: "party", hidden: true },
    character_id: { title: "Pilot id", kind: "party", hidden: true },
  },
  derived: {
    worth: {
      // ESI has no market value of ore; the base price is the same for everyone and needs no other route.
      column: { title: "Worth at base price", kind: "isk" },
      compute: (view) =>
        Array.from({ length: view.length }, (_, at) => {
          const price = StaticData.type(view.value("type_id", at) as number)?.basePriceIsk ?? 0;
          return price * (view.value("quantity", at) as number);
        }),
    },
  },
  sort: "-last_updated",
  fetch: details(operation, {
    items: observers,
    partOf: (row) => String(row.observer_id),
    ledger: true,
    ask: ({ id }, known, context) =>
      askPages(operation, { path: { observer_id: id } }, known, context, (rows: Row[]) =>
        withNames(
          rows.map((row) => ({ ...row, observer_id: id })),
          { character_id: "character_name" },
          context,
        ),
      ),
  }),
});
