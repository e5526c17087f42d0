import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { define, type FetchContext, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdContractsContractIdItems";

/** What a contract is about never changes. What a courier carries is nobody's to see. */
async function contracts(context: FetchContext): Promise<Item[]> {
  const list = await context.view("contracts");
  return list
    .rows()
    .filter(({ type }) => type !== "courier")
    .map(({ contract_id, volume }) => ({ part: String(contract_id), isNeverEmpty: Number(volume ?? 0) > 0 }))
    .reverse();
}

export const contractItems = define({
  name: "contract-items",
  title: "Contract items",
  screen: { group: "Contracts", place: "supporting" },
  queue: "contracts",
  operations: [operation],
  storage: "snapshot",
  detailOf: "contracts",
  row: z.object({
    contract_id: z.int(),
    record_id: z.int(),
    type_id: z.int(),
    quantity: z.int(),
    raw_quantity: z.int().optional(),
    is_included: z.boolean(),
    is_singleton: z.boolean(),
  }),
  key: ["contract_id", "record_id"],
  columns: {
    contract_id: { title: "Contract id", kind: "id" },
    type_id: { title: "Item", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    is_included: { title: "Offered", kind: "boolean" },
    is_singleton: { title: "Assembled", kind: "boolean", hidden: true },
    raw_quantity: { title: "Raw quantity", kind: "number", hidden: true },
    record_id: { title: "Record id", kind: "id", hidden: true },
  },
  sort: "-contract_id",
  fetch: details(operation, {
    items: contracts,
    partOf: (row) => String(row.contract_id),
    ask: ({ part }, known, context) =>
      askWhole(operation, { path: { contract_id: part } }, known, context, (rows: Row[]) =>
        rows.map((row) => ({ ...row, contract_id: Number(part) })),
      ),
  }),
});
