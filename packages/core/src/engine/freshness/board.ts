import * as z from "zod";
import { Owner } from "../../owner/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Agenda from "../agenda/index.ts";
import { datasetsOf, described, requireReader } from "../kind/index.ts";
import * as State from "../state/index.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";
import { standingOf } from "./parent.ts";

/** How fresh each dataset of an owner is, and why not fresher. */
export const board = fn(z.object({ owner: Owner }), async ({ owner }): Promise<Freshness[]> => {
  await requireReader(owner);
  const [states, standing] = await Promise.all([State.list(owner), Agenda.standingOf(owner)]);
  // Only now: this look ends the slow pace that the answer is to tell of.
  await Agenda.viewed(owner).catch((error: unknown) => Log.warn("look not noted", { error, ...described(owner) }));
  const known = new Map(states.map((state) => [state.dataset, state]));
  const { tier, sent = {}, slowed } = standing ?? {};
  const now = Date.now();
  return datasetsOf(owner).datasets.map((dataset) =>
    freshnessOf(dataset, standingOf(dataset, known), { now, tier, slowed, sentAt: sent[dataset.name] }),
  );
});
