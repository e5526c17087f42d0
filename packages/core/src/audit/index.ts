import { ulid } from "ulid";
import * as z from "zod";
import * as Access from "../access/index.ts";
import * as Character from "../identity/character/index.ts";
import * as User from "../identity/user/index.ts";
import * as Actor from "../platform/actor/index.ts";
import * as Cursor from "../platform/cursor/index.ts";
import { fn } from "../platform/fn/index.ts";
import * as Log from "../platform/log/index.ts";
import { entries } from "./audit.entity.ts";

export const Entry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** `dead_letter.discarded`, `director.removed`, ... */
  action: z.string(),
  /** The actor: a pilot's name, or the name of one of our own processes. */
  by: z.string(),
  userId: z.string().optional(),
  characterId: z.int().optional(),
  reason: z.string().optional(),
  subject: z.record(z.string(), z.unknown()),
});
export type Entry = z.infer<typeof Entry>;

async function whoActs(): Promise<{ by: string; userId?: string; characterId?: number }> {
  const actor = Actor.use();
  if (actor.type === "system") return { by: actor.name };
  const { userId } = Actor.assertUser();
  const admin = await Access.findAdmin();
  if (admin) return { by: admin.name, userId, ...(admin.characterId ? { characterId: admin.characterId } : {}) };
  const { mainCharacterId: characterId } = await User.current();
  const main = await Character.find(characterId);
  return { by: main?.name ?? `character ${characterId}`, userId, characterId };
}

/**
 * Records an act that destroys something or changes who can read it. Call it before the act, so that a deleted thing always
 * has its entry. Entries are never overwritten, changed or deleted. Returns the actor's name. Errors: `session.required`.
 */
export const record = fn(
  Entry.pick({ action: true, reason: true, subject: true }),
  async (act): Promise<{ by: string }> => {
    // A user or one of our own processes; everyone else is refused.
    const who = await whoActs();
    const now = Date.now();
    const id = ulid(now);
    const { reason, ...what } = act;
    await entries()
      .create({ id, at: now, ...who, ...what, ...(reason === undefined ? {} : { reason }) })
      .go();
    const { corporationId, characterId, queue } = act.subject;
    Log.info("audit", { entry: id, action: act.action, ...who, subject: { corporationId, characterId, queue } });
    return { by: who.by };
  },
);

/** The list that a cursor belongs to. */
const name = "audit";
const cursors = { code: "audit.bad_cursor", place: z.string() };

/** The audit trail, newest first. For administrators. */
export const list = fn(
  z.object({
    cursor: z.string().max(Cursor.longest).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  async ({ cursor, limit }): Promise<{ entries: Entry[]; nextCursor?: string }> => {
    await Access.requireAdmin();
    const last = cursor === undefined ? undefined : Cursor.read(name, cursor, cursors);
    const all = entries().query.all({});
    const { data } = await (last === undefined ? all.gte({ id: "0" }) : all.lt({ id: last })).go({
      order: "desc",
      count: limit + 1,
    });
    const shown = data.slice(0, limit).map((row) => Entry.parse({ ...row, at: new Date(row.at).toISOString() }));
    const end = shown.at(-1);
    return { entries: shown, ...(data.length > limit && end ? { nextCursor: Cursor.write(name, end.id) } : {}) };
  },
);
