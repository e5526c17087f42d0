import * as z from "zod";
import { askPages } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { expectPagination } from "../../../../engine/dataset/fetch.ts";
import { define, type FetchContext, type Row } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdContractsContractIdBids";
expectPagination(operation, "x-pages");

/** Bids come in as long as the auction is open, and are read a last time when it has ended. */
async function auctions(context: FetchContext): Promise<Item[]> {
  const list = await context.view("contracts");
  return list
    .rows()
    .filter(({ type }) => type === "auction")
    .map(({ contract_id, status }) => ({
      part: String(contract_id),
      stamp: status as string,
      live: status === "outstanding",
    }))
    .reverse();
}

export const contractBids = define({
  name: "contract-bids",
  title: "Auction bids",
  screen: { group: "Contracts", place: "supporting" },
  queue: "contracts",
  operations: [operation],
  storage: "snapshot",
  detailOf: "contracts",
  row: z.object({
    contract_id: z.int(),
    bid_id: z.int(),
    bidder_id: z.int(),
    bidder_name: z.string().optional(),
    amount: z.number(),
    date_bid: z.string(),
  }),
  key: ["bid_id"],
  columns: {
    contract_id: { title: "Contract id", kind: "id" },
    bidder_name: { title: "Bidder", kind: "text" },
    amount: { title: "Bid", kind: "isk" },
    date_bid: { title: "At", kind: "date" },
    bidder_id: { title: "Bidder id", kind: "party", hidden: true },
    bid_id: { title: "Bid id", kind: "id", hidden: true },
  },
  sort: "-date_bid",
  fetch: details(operation, {
    items: auctions,
    partOf: (row) => String(row.contract_id),
    ask: ({ part }, known, context) =>
      askPages(operation, { path: { contract_id: part } }, known, context, (rows: Row[]) =>
        withNames(
          rows.map((row) => ({ ...row, contract_id: Number(part) })),
          { bidder_id: "bidder_name" },
          context,
        ),
      ),
  }),
});
