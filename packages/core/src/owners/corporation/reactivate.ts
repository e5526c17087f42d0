import * as Audit from "../../audit/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { isConditionFailed } from "../../platform/error/index.ts";
import { corporations, type inactivities } from "./corporation.entity.ts";
import { find } from "./registry.ts";

// Apart from the other acts because whoever confirms a director at a request needs nothing but this.

/**
 * Makes a corporation active again: what is due is fetched in the scheduler's next round, and nothing is deleted. `from`: the
 * states that the reason suffices for. True if it was one of them.
 */
export async function reactivate(
  corporationId: number,
  from: readonly (typeof inactivities)[number][],
): Promise<boolean> {
  Actor.assertSystem();
  const corporation = await find(corporationId, { consistent: true });
  const { name, status } = corporation ?? {};
  if (!status || !from.includes(status)) return false;
  await Audit.record({ action: "corporation.reactivated", subject: { corporationId, name, status } });
  try {
    await corporations()
      .patch({ corporationId })
      .remove(["status", "statusSince", "deleteAt", "formerly"])
      .where((attribute, op) => op.eq(attribute.status, status))
      .go();
  } catch (error) {
    // Deleted, or made active by somebody else, just then.
    if (isConditionFailed(error)) return false;
    throw error;
  }
  await Agenda.restart(Owner.corporation(corporationId));
  return true;
}
