import { keyOf, type Owner } from "../../owner/index.ts";
import type { Address } from "../../snapshot/index.ts";
import type { Dataset } from "../dataset/index.ts";

/** Where a dataset's rows are stored: in one collection, or in one for each month (`2026-11`) of a ledger. */
export const address = (owner: Owner, dataset: Dataset, month?: string): Address => ({
  owner: keyOf(owner),
  collection: month ? `${dataset.name}/${month}` : dataset.name,
});
