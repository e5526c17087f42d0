import { apply, type Delta, reverse } from "./delta.ts";
import type { Address } from "./index.ts";
import { loadDeltas, loadView } from "./load.ts";
import { delta } from "./snapshot.entity.ts";
import type { Shape, View } from "./view.ts";

/** One step of a collection's history: when a version was made and what it changed. */
export interface Step {
  version: number;
  at: number;
  delta: Delta;
}

async function versionsSince(address: Address, from: number): Promise<{ version: number; at: number }[]> {
  const { data } = await delta()
    .query.history(address)
    .go({ pages: "all", attributes: ["version", "at", "part"] });
  return data.filter((item) => item.part === 0 && item.at > from).map(({ version, at }) => ({ version, at }));
}

/** What changed after `from` up to and including `to` (epoch ms), oldest first, as far back as deltas are kept. */
export async function changes(address: Address, shape: Shape, from: number, to: number): Promise<Step[]> {
  const steps = (await versionsSince(address, from)).filter((step) => step.at <= to);
  const first = steps[0];
  const last = steps.at(-1);
  if (!first || !last) return [];
  return loadDeltas(address, shape, first.version, last.version, false);
}

/** The collection as it was at a moment (epoch ms): the current version with every later delta taken back. */
export async function at(address: Address, shape: Shape, moment: number): Promise<View> {
  const current = await loadView(address, shape, "eventual");
  const later = (await versionsSince(address, moment)).filter((step) => step.version <= current.version);
  const first = later[0];
  if (!first) return current;
  const deltas = await loadDeltas(address, shape, first.version, current.version, false);
  return deltas.reduceRight((view, step) => apply(view, reverse(step.delta), step.version - 1), current);
}
