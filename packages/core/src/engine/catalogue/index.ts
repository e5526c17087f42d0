import { VisibleError } from "../../platform/error/index.ts";
import type { Dataset } from "../dataset/index.ts";

/** The datasets of one kind of owner, in the order in which the app shows them. */
export interface Catalogue {
  datasets: readonly Dataset[];
  find: (name: string) => Dataset | undefined;
  /** Errors: `dataset.not_found` (404). */
  get: (name: string) => Dataset;
}

export function catalogueOf(datasets: readonly Dataset[]): Catalogue {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const find = (name: string) => byName.get(name);
  return {
    datasets,
    find,
    get: (name) => {
      const dataset = find(name);
      if (!dataset) throw new VisibleError("not_found", "dataset.not_found", `There is no dataset called ${name}.`);
      return dataset;
    },
  };
}
