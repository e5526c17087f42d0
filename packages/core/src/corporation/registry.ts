import * as Actor from "../actor/index.ts";
import { corporations, type tiers } from "./corporation.entity.ts";

export interface Registered {
  corporationId: number;
  name: string;
  ticker: string;
  tier: (typeof tiers)[number];
  addedAt: number;
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
