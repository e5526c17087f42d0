import "../../owners/index.ts";
import * as z from "zod";
import * as Access from "../../access/index.ts";
import * as Audit from "../../audit/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import { findEnrolled, kindOf } from "../../engine/kind/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { isConditionFailed, VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";

// Which owners are enrolled, and in which tier: for administrators alone.

export const Enrolled = z.object({
  kind: z.enum(Owner.kinds),
  id: z.int(),
  name: z.string(),
  tier: Owner.Tier,
  addedAt: z.iso.datetime(),
  active: z.boolean(),
});
export type Enrolled = z.infer<typeof Enrolled>;

/** Owners read at a time. */
const concurrency = 16;

const asSystem = <T>(body: () => Promise<T>): Promise<T> =>
  Actor.provide({ type: "system", name: "administration" }, body);

/** Every enrolled owner, by name. */
export async function list(): Promise<Enrolled[]> {
  await Access.requireAdmin();
  const found: Enrolled[] = [];
  await mapConcurrent(concurrency, await asSystem(Agenda.readAll), async ({ owner }) => {
    const enrolled = await findEnrolled(owner);
    // Removed just now.
    if (!enrolled) return;
    const { name, tier, addedAt, isActive } = enrolled;
    found.push({ ...owner, name, tier, addedAt: new Date(addedAt).toISOString(), active: isActive });
  });
  return found.sort((one, other) => one.name.localeCompare(other.name, "en") || one.id - other.id);
}

const notEnrolled = () => new VisibleError("not_found", "owner.not_found", "This owner is not enrolled.");

/**
 * Sets an owner's tier: how soon its datasets are refreshed after they expire, and how long their history is kept from now
 * on. Errors: `owner.not_found` (404).
 */
export const set = fn(z.object({ owner: Owner.Owner, tier: Owner.Tier }), async ({ owner, tier }): Promise<void> => {
  await Access.requireAdmin();
  const enrolled = await findEnrolled(owner, { consistent: true });
  if (!enrolled) throw notEnrolled();
  const row = await asSystem(() => Agenda.find(owner));
  // Both rows: a change that was interrupted between them is completed by asking for it again.
  if (enrolled.tier === tier && row?.tier === tier) return;
  const { name } = enrolled;
  await Audit.record({ action: "owner.tier_set", subject: { ...owner, name, before: enrolled.tier, after: tier } });
  await asSystem(async () => {
    await kindOf(owner).setTier(owner, tier);
    await Agenda.setTier(owner, tier);
  }).catch((error: unknown) => {
    throw isConditionFailed(error) ? notEnrolled() : error;
  });
});
