import * as Directors from "../../director/index.ts";
import type { Dataset } from "../../engine/dataset/index.ts";
import { divisionNames, itemNames, partyNames, placeNames } from "../../engine/dataset-shapes/index.ts";
import type { Fetcher, OwnerKind } from "../../engine/kind/index.ts";
import type { Owner } from "../../owner/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { deathOf, reasonOf, tokenOf } from "../pilot/index.ts";
import { corporations } from "./corporation.entity.ts";
import { catalogue } from "./datasets/index.ts";
import { requireReader } from "./reader.ts";
import { find } from "./registry.ts";

const forbidden = "ESI says that this director lacks the in-game role, or has left the corporation.";

async function recordFailure(owner: Owner, director: Directors.DirectorState, dataset: Dataset, error: unknown) {
  const { id: corporationId } = owner;
  const reason = reasonOf(error, forbidden);
  const failures = await Directors.recordFailure(corporationId, director, { ...reason, dataset: dataset.name });
  Log.warn("director failed", { director: director.characterId, failures, reason: reason.code });
  const death = deathOf(error);
  if (death || failures === Directors.unhealthyAfter) {
    await Directors.announceFailure({ corporationId, director, reason, tokenDied: death !== undefined });
  }
}

function fetcherOf(owner: Owner, director: Directors.DirectorState, dataset: Dataset): Fetcher {
  const { characterId, name } = director;
  return {
    characterId,
    name,
    ...tokenOf(characterId, dataset.operations[0]),
    recordSuccess: () => Directors.recordSuccess(owner.id, director, dataset.name),
    recordFailure: (error) => recordFailure(owner, director, dataset, error),
  };
}

/** Corporations: fetched with the tokens of their directors, read by the directors' users. */
export const kind: OwnerKind = {
  kind: "corporation",
  datasets: catalogue,
  names: [partyNames("members"), partyNames("party-names"), placeNames, itemNames, divisionNames],
  find: async (owner, options) => {
    const registered = await find(owner.id, options);
    if (!registered) return undefined;
    const { name, addedAt, tier, status } = registered;
    return { owner, name, addedAt, tier, isActive: status === undefined };
  },
  setTier: async ({ id: corporationId }, tier) => {
    await corporations().patch({ corporationId }).set({ tier }).go();
  },
  fetchers: async (owner, dataset, turn) =>
    Directors.candidates(dataset, await Directors.load(owner.id), turn).map((each) => fetcherOf(owner, each, dataset)),
  whyBlocked: async (owner, dataset) => Directors.whyBlocked(dataset, await Directors.load(owner.id)),
  payers: async (owner) =>
    (await Directors.load(owner.id)).filter(Directors.isHealthy).map((director) => ({
      mayFetch: (dataset) => Directors.canFetch(dataset, director),
      buckets: director.buckets,
    })),
  requireReader: ({ id }) => requireReader(id),
  requireActive: async ({ id }) => {
    if ((await find(id))?.status === undefined) return;
    throw new VisibleError(
      "conflict",
      "corporation.inactive",
      "Nothing is fetched of this corporation any more. A director who adds it again makes it active.",
    );
  },
};
