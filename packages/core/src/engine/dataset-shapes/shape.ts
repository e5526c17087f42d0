import type { Dataset } from "../dataset/index.ts";

/**
 * What the datasets of several kinds of owner have in common: rows, key, columns, derived columns and history. A
 * declaration spreads a shape, and adds its name, its operation, how it is fetched, and what only this owner's rows have.
 * @example define({ ...blueprints, name: "blueprints", title: "Blueprints", operations: [operation], ... })
 */
export type DatasetShape = Pick<
  Dataset,
  "storage" | "dateColumn" | "rereadSeconds" | "row" | "key" | "columns" | "derived" | "sort" | "history"
>;
