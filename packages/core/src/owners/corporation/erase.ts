import * as Upkeep from "../../engine/upkeep/index.ts";
import * as Owner from "../../owner/index.ts";
import { ignoreConditionFailed, isConditionFailed } from "../../platform/error/index.ts";
import { corporations } from "./corporation.entity.ts";

interface Condition {
  /** Somebody has become a director just then. */
  isWanted?: () => Promise<boolean>;
  /** Only one whose time is over at this moment (epoch ms). */
  expiredAt?: number;
}

async function deleteRegistration(corporationId: number, expiredAt: number | undefined) {
  const deletion = corporations().delete({ corporationId });
  const conditional =
    expiredAt === undefined
      ? deletion
      : deletion.where((field, op) => `${op.notExists(field.corporationId)} OR ${op.lte(field.deleteAt, expiredAt)}`);
  return (await conditional.go({ response: "all_old" })).data;
}

/** Deletes the registration; true if it is to stay. */
async function strikeOut(corporationId: number, { isWanted, expiredAt }: Condition): Promise<boolean> {
  let registration: Awaited<ReturnType<typeof deleteRegistration>>;
  try {
    registration = await deleteRegistration(corporationId, expiredAt);
  } catch (error) {
    if (isConditionFailed(error)) return true;
    throw error;
  }
  if (!registration || !(await isWanted?.())) return false;
  await corporations()
    .create(registration)
    .go()
    // Registered anew already.
    .catch(ignoreConditionFailed);
  return true;
}

/**
 * Deletes a corporation with everything that is stored of it. The registration goes first: from it workers know that there
 * is none. False: the corporation stays.
 */
export async function erase(corporationId: number, condition: Condition): Promise<boolean> {
  if (await strikeOut(corporationId, condition)) return false;
  await Upkeep.erase(Owner.corporation(corporationId), Date.now());
  return true;
}
