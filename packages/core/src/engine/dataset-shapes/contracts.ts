import * as z from "zod";
import { isk, plain } from "../dataset/format.ts";
import type { FetchContext, Happening, Row, RowChange } from "../dataset/index.ts";
import { withNames } from "../dataset/name-columns.ts";
import type { DatasetShape } from "./shape.ts";

const names = {
  issuer_id: "issuer_name",
  issuer_corporation_id: "issuer_corporation_name",
  assignee_id: "assignee_name",
  acceptor_id: "acceptor_name",
};

/** A contract that was issued, or went on. ESI drops it a month after its end: that is no news. */
function describe({ change, row, before, after }: RowChange): Happening | undefined {
  const title = row.title ? ` "${row.title}"` : "";
  const it = `Contract${title} (${plain(row.type)})`;
  if (change === "added") {
    const worth = Number(row.price ?? 0) || Number(row.reward ?? 0);
    const from = row.issuer_name ? ` by ${row.issuer_name}` : "";
    return { kind: "contract.issued", text: `${it} issued${from}${worth ? ` for ${isk(worth)}` : ""}` };
  }
  if (change === "removed" || !("status" in after)) return undefined;
  const by = after.acceptor_name ? ` by ${after.acceptor_name}` : "";
  return { kind: "contract.status", text: `${it}: ${plain(before.status)}, now ${plain(after.status)}${by}` };
}

/** Contracts that an owner issued, is offered, or has accepted. */
export const contracts = {
  // Not a ledger: a contract changes until it ends, and the deltas say how.
  storage: "snapshot",
  row: z.object({
    contract_id: z.int(),
    type: z.string(),
    status: z.string(),
    title: z.string().optional(),
    availability: z.string(),
    issuer_id: z.int(),
    issuer_name: z.string().optional(),
    issuer_corporation_id: z.int(),
    issuer_corporation_name: z.string().optional(),
    for_corporation: z.boolean(),
    assignee_id: z.int(),
    assignee_name: z.string().optional(),
    acceptor_id: z.int(),
    acceptor_name: z.string().optional(),
    start_location_id: z.int().optional(),
    end_location_id: z.int().optional(),
    price: z.number().optional(),
    reward: z.number().optional(),
    collateral: z.number().optional(),
    buyout: z.number().optional(),
    volume: z.number().optional(),
    days_to_complete: z.int().optional(),
    date_issued: z.string(),
    date_expired: z.string(),
    date_accepted: z.string().optional(),
    date_completed: z.string().optional(),
  }),
  key: ["contract_id"],
  columns: {
    type: { title: "Type", kind: "enum" },
    status: { title: "Status", kind: "enum" },
    title: { title: "Title", kind: "text" },
    issuer_name: { title: "Issuer", kind: "text" },
    assignee_name: { title: "For", kind: "text" },
    acceptor_name: { title: "Accepted by", kind: "text" },
    price: { title: "Price", kind: "isk" },
    reward: { title: "Reward", kind: "isk" },
    collateral: { title: "Collateral", kind: "isk" },
    volume: { title: "Volume (m3)", kind: "number" },
    start_location_id: { title: "From", kind: "location" },
    end_location_id: { title: "To", kind: "location" },
    date_issued: { title: "Issued", kind: "date" },
    date_expired: { title: "Expires", kind: "date" },
    date_accepted: { title: "Accepted", kind: "date", hidden: true },
    date_completed: { title: "Completed", kind: "date", hidden: true },
    availability: { title: "Availability", kind: "enum", hidden: true },
    for_corporation: { title: "For the corporation", kind: "boolean", hidden: true },
    issuer_corporation_name: { title: "Issuer's corporation", kind: "text", hidden: true },
    buyout: { title: "Buyout", kind: "isk", hidden: true },
    days_to_complete: { title: "Days to complete", kind: "number", hidden: true },
    contract_id: { title: "Contract id", kind: "id", hidden: true },
    issuer_id: { title: "Issuer id", kind: "party", hidden: true },
    issuer_corporation_id: { title: "Issuer's corporation id", kind: "party", hidden: true },
    assignee_id: { title: "Assignee id", kind: "party", hidden: true },
    acceptor_id: { title: "Acceptor id", kind: "party", hidden: true },
  },
  sort: "-date_issued",
  history: describe,
} as const satisfies DatasetShape;

/** ESI's contracts as rows, with the names of everyone in them. */
export const contractRows = (rows: Row[], context: FetchContext): Promise<Row[]> => withNames(rows, names, context);
