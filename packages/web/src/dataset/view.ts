import type { QueryClient } from "@tanstack/react-query";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Dataset, Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";

/** What every page of a dataset is given. */
export interface DatasetViewProps {
  owner: Owner;
  dataset: Dataset;
  freshness: Freshness | undefined;
}

/** What a page reads besides the rows of its dataset. */
type Prefetch = (queries: QueryClient, owner: Owner, search: Record<string, unknown>) => void;

/** A custom page of a dataset. */
export interface DatasetView {
  Page: LazyExoticComponent<ComponentType<DatasetViewProps>>;
  /** Fetches the page's code and data before it is drawn. */
  prefetch: Prefetch;
  /** Shows the past as well; of other datasets the table of the generic page does. */
  showsPast: boolean;
}

type Load = () => Promise<{ default: ComponentType<DatasetViewProps> }>;

export function datasetView(load: Load, { showsPast = false, prefetch }: Partial<DatasetView> = {}): DatasetView {
  return {
    Page: lazy(load),
    showsPast,
    prefetch: (...where) => {
      // The page itself shows what does not load.
      load().catch(() => undefined);
      prefetch?.(...where);
    },
  };
}
