/**
 * What an import of 100,000 rows spends its time on, written for speed and reached through this file alone: bytes into
 * columns (`scan`), rows into columns (`columnize`), and the order of keys (`order`). Each has a plain counterpart (the
 * dataset's schema, a loop over the names, `sort`), and a test that holds the two together.
 */
export { columnize } from "./columnize.ts";
export { isAscending, orderOf } from "./order.ts";
export { type Field, scannerOf } from "./scan.ts";
