import * as z from "zod";
import type { FeedShape } from "../../../../engine/dataset/ask.ts";
import { amount, plain } from "../../../../engine/dataset/format.ts";
import type { ColumnView, Happening, Row, RowChange } from "../../../../engine/dataset/index.ts";

/** A project or a freelance job as its list has it. */
interface Listed {
  id: string;
  name: string;
  state: string;
  last_modified: string;
  progress: { current: number; desired: number };
  reward?: { initial: number; remaining: number };
}

export function flatProject({ progress, reward, ...rest }: Listed): Row {
  return {
    ...rest,
    progress_current: progress.current,
    progress_desired: progress.desired,
    ...(reward ? { reward_initial: reward.initial, reward_remaining: reward.remaining } : {}),
  };
}

export const projectShape = {
  id: z.string(),
  name: z.string(),
  state: z.string(),
  progress_current: z.number(),
  progress_desired: z.number(),
  reward_initial: z.number().optional(),
  reward_remaining: z.number().optional(),
  last_modified: z.string(),
};

export const projectColumns = {
  name: { title: "Name", kind: "text" },
  state: { title: "State", kind: "enum" },
  progress_current: { title: "Done", kind: "number" },
  progress_desired: { title: "Goal", kind: "number" },
  reward_remaining: { title: "Reward left", kind: "isk" },
  reward_initial: { title: "Reward", kind: "isk" },
  last_modified: { title: "Changed", kind: "date" },
  id: { title: "Id", kind: "id", hidden: true },
} as const satisfies Record<string, ColumnView>;

export const projectFeed = (field: string): FeedShape => ({ field, idColumn: "id", toRow: flatProject });

/** Event-based lists name no expiry: what is new is asked for this often. */
export const projectIntervalSeconds = 300;

/** What happened to a project or a freelance job: begun, further, or over. */
export const projectHistory =
  (noun: "project" | "job") =>
  ({ change, row, before, after }: RowChange): Happening | undefined => {
    const it = `${noun === "project" ? "Project" : "Freelance job"} "${row.name ?? row.id}"`;
    if (change === "removed") return undefined;
    if (change === "added") return { kind: `${noun}.created`, text: `${it} was created` };
    if ("state" in after) {
      return { kind: `${noun}.state`, text: `${it}: ${plain(before.state)}, now ${plain(after.state)}` };
    }
    if (!("progress_current" in after)) return undefined;
    const progress = `${amount(after.progress_current)} of ${amount(row.progress_desired)}`;
    return { kind: `${noun}.progress`, text: `${it}: ${amount(before.progress_current)}, now ${progress}` };
  };
