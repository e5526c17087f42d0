import { address } from "../src/engine/collection/index.ts";
import { type Dataset, type Row, shapeOf } from "../src/engine/dataset/index.ts";
import type { Owner } from "../src/owner/index.ts";
import * as Snapshot from "../src/snapshot/index.ts";

/** Makes these rows an owner's next version of a dataset; of a ledger, of this month (`2026-11`). */
export async function putRows(owner: Owner, dataset: Dataset, rows: Row[], month?: string): Promise<void> {
  const shape = shapeOf(dataset);
  const table = Snapshot.tableOf(shape, rows);
  await Snapshot.commit(address(owner, dataset, month), shape, table, { fence: 1, retentionDays: 90 });
}
