import { ulid } from "ulid";
import * as z from "zod";
import * as Access from "../access/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import { entries } from "./audit.entity.ts";

export const Entry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** `dead_letter.discarded`, `dead_letter.redriven`, ... */
  action: z.string(),
  by: z.string(),
  characterId: z.int().optional(),
  reason: z.string().optional(),
  subject: z.record(z.string(), z.unknown()),
});
export type Entry = z.infer<typeof Entry>;

/** Notes what an administrator does. Never overwrites: an entry once written stays. */
export const record = fn(
  Entry.pick({ action: true, reason: true, subject: true }),
  async ({ action, reason, subject }): Promise<void> => {
    const { name, characterId } = await Access.requireAdmin();
    const now = Date.now();
    await entries()
      .create({
        id: ulid(now),
        at: now,
        action,
        by: name,
        subject,
        ...(characterId === undefined ? {} : { characterId }),
        ...(reason === undefined ? {} : { reason }),
      })
      .go();
  },
);

const badCursor = (): never => {
  throw new VisibleError("validation", "audit.bad_cursor", "That cursor was not made by this list.");
};

/** What administrators did, newest first. */
export const list = fn(
  z.object({
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  async ({ cursor, limit }): Promise<{ entries: Entry[]; nextCursor?: string }> => {
    await Access.requireAdmin();
    // The cursor is the id of the last entry shown.
    if (cursor !== undefined && !/^[0-9A-Z]{26}$/.test(cursor)) badCursor();
    const all = entries().query.all({});
    const { data } = await (cursor ? all.lt({ id: cursor }) : all.gte({ id: "0" })).go({
      order: "desc",
      count: limit + 1,
    });
    const shown = data.slice(0, limit).map((row) => Entry.parse({ ...row, at: new Date(row.at).toISOString() }));
    const last = shown.at(-1);
    return { entries: shown, ...(data.length > limit && last ? { nextCursor: last.id } : {}) };
  },
);
