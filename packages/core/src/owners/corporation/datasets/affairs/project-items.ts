import type { Item } from "../../../../engine/dataset/detail.ts";
import type { FetchContext } from "../../../../engine/dataset/index.ts";

/** The projects (or jobs) of a list, the newest first; their details change when `last_modified` does. */
export const itemsOf =
  (dataset: "projects" | "freelance-jobs") =>
  async (context: FetchContext): Promise<Item[]> => {
    const list = await context.view(dataset);
    return list
      .rows()
      .map(({ id, last_modified, progress_current }) => ({
        part: id as string,
        stamp: last_modified as string,
        isNeverEmpty: Number(progress_current ?? 0) > 0,
      }))
      .sort((a, b) => b.stamp.localeCompare(a.stamp));
  };
