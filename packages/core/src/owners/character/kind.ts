import { type Dataset, scopesOf } from "../../engine/dataset/index.ts";
import { itemNames, partyNames, placeNames } from "../../engine/dataset-shapes/index.ts";
import type { Fetcher, OwnerKind, Reason } from "../../engine/kind/index.ts";
import * as Character from "../../identity/character/index.ts";
import * as Token from "../../identity/token/index.ts";
import type { Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Push from "../../push/index.ts";
import { deathOf, reasonOf, tokenOf } from "../pilot/index.ts";
import { catalogue } from "./datasets/index.ts";

/** The tier of a pilot for whom no administrator has set one. */
const defaultTier = "P3";

const forbidden = "ESI does not let this character's token read it.";

/** A consistent read: just after a login the new token counts. */
async function statusOf(characterId: number): Promise<Token.Status> {
  const asked = { characterIds: [characterId], consistent: true };
  const [status] = await Actor.provide({ type: "system", name: "character-data" }, () => Token.statuses(asked));
  return status ?? { status: "none", scopes: [], missingScopes: [] };
}

const isGranted = (dataset: Dataset, { scopes }: Pick<Token.Status, "scopes">): boolean =>
  scopesOf(dataset).every((scope) => scopes.includes(scope));

async function recordFailure({ id: characterId }: Owner, { name, userId }: Character.CharacterRow, error: unknown) {
  const { code, message } = reasonOf(error, forbidden);
  Log.warn("character not fetched", { characterId, reason: code });
  if (!deathOf(error)) return;
  const data = { characterId, name, reason: code, message };
  await Push.send([Push.compose("token.died", Push.userTopic(userId), data)]);
}

const fetcherOf = (owner: Owner, row: Character.CharacterRow, dataset: Dataset): Fetcher => ({
  characterId: owner.id,
  name: row.name,
  ...tokenOf(owner.id, dataset.operations[0]),
  // Nothing is kept of the only fetcher that there is: the dataset's state says how it went.
  recordSuccess: () => Promise.resolve(),
  recordFailure: (error) => recordFailure(owner, row, error),
});

/** The pilot alone, while their token has the dataset's scopes. */
async function fetchers(owner: Owner, dataset: Dataset): Promise<Fetcher[]> {
  const [row, status] = await Promise.all([Character.find(owner.id), statusOf(owner.id)]);
  if (!row || status.status !== "valid" || !isGranted(dataset, status)) return [];
  return [fetcherOf(owner, row, dataset)];
}

async function whyBlocked({ id }: Owner, dataset: Dataset): Promise<Reason> {
  const { status, message, ...token } = await statusOf(id);
  if (status === "dead") return { code: "token.dead", message: message ?? "This character's token is dead." };
  if (status === "none" || !isGranted(dataset, token)) {
    const missing = "This character has not granted the scope for this. Grant access to show it.";
    return { code: "character.scope_missing", message: missing };
  }
  return { code: "esi.forbidden", message: forbidden };
}

/** Characters: fetched with their own tokens, read by their own users. Enrolled as long as they are linked. */
export const kind: OwnerKind = {
  kind: "character",
  datasets: catalogue,
  names: [partyNames("party-names"), placeNames, itemNames],
  find: async (owner) => {
    const row = await Character.find(owner.id);
    if (!row) return undefined;
    return { owner, name: row.name, tier: row.tier ?? defaultTier, addedAt: row.linkedAt, isActive: true };
  },
  setTier: ({ id }, tier) => Character.setTier(id, tier),
  fetchers,
  whyBlocked,
  // What the pilot's buckets hold is known to the process that spends of them; a round reckons with full ones.
  payers: async () => [{ mayFetch: () => true, buckets: [] }],
  requireReader: async ({ id }) => {
    if (Actor.use().type !== "system") await Character.own(id);
  },
  requireActive: () => Promise.resolve(),
};
