import * as Actor from "../actor/index.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import { corporations, type inactivities, type tiers } from "./corporation.entity.ts";

export interface Registered {
  corporationId: number;
  name: string;
  ticker: string;
  tier: (typeof tiers)[number];
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

/** For callers that have checked that the asking user may see the corporation, or are about to. */
export async function find(corporationId: number, { consistent = false } = {}): Promise<Registered | undefined> {
  const { data } = await corporations().get({ corporationId }).go({ consistent });
  return data ?? undefined;
}

/** What is registered of a corporation; undefined: it is not, or not any more. */
export async function registered(
  corporationId: number,
  options: { consistent?: boolean } = {},
): Promise<Registered | undefined> {
  Actor.assertSystem();
  return find(corporationId, options);
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
