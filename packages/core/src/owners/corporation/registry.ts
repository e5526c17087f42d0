import * as Agenda from "../../engine/agenda/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import { corporations, type inactivities } from "./corporation.entity.ts";

export interface Registered {
  owner: Owner.Owner;
  corporationId: number;
  name: string;
  ticker: string;
  tier: Owner.Tier;
  addedAt: number;
  addedBy: string;
  /** Absent: active. */
  status?: (typeof inactivities)[number] | undefined;
  statusSince?: number | undefined;
  deleteAt?: number | undefined;
  formerly?: Former[] | undefined;
}

/** A user who directed the corporation until then (epoch ms). */
export interface Former {
  userId: string;
  at: number;
}

/** For callers that have checked that the user can see the corporation, or are about to. */
export async function find(corporationId: number, { consistent = false } = {}): Promise<Registered | undefined> {
  const { data } = await corporations().get({ corporationId }).go({ consistent });
  return data ? { ...data, owner: Owner.corporation(corporationId) } : undefined;
}

/** What is registered of a corporation; undefined: it is not, or not any more. */
export async function registered(
  corporationId: number,
  options: { consistent?: boolean } = {},
): Promise<Registered | undefined> {
  Actor.assertSystem();
  return find(corporationId, options);
}

/** The corporations in the agenda, and since when nothing is fetched of them. */
export async function scheduled(): Promise<{ corporationId: number; stoppedAt?: number | undefined }[]> {
  const all = await Agenda.readAll();
  return all.flatMap(({ owner, stoppedAt }) =>
    owner.kind === "corporation" ? [{ corporationId: owner.id, stoppedAt }] : [],
  );
}

/** Who left longer ago is not told any more what becomes of the corporation. */
const rememberedMs = 7 * 86_400_000;

/** The users who lost their director of the corporation lately. */
export const lately = ({ formerly = [] }: Pick<Registered, "formerly">, now = Date.now()): Former[] =>
  formerly.filter(({ at }) => at > now - rememberedMs);

/** Remembers whose director leaves, so that they can be told what becomes of the corporation. */
export async function rememberLeaving(corporationId: number, userId: string): Promise<void> {
  // For callers that take a director out.
  const corporation = await find(corporationId, { consistent: true });
  if (!corporation) return;
  const others = lately(corporation).filter((each) => each.userId !== userId);
  await corporations()
    .patch({ corporationId })
    .set({ formerly: [...others, { userId, at: Date.now() }] })
    .go()
    // Removed meanwhile.
    .catch(ignoreConditionFailed);
}
