import type { Budget } from "../../eve/esi/index.ts";
import { keyOf, type Owner, type Tier } from "../../owner/index.ts";
import type { View } from "../../snapshot/index.ts";
import type { Catalogue } from "../catalogue/index.ts";
import type { ColumnKind, Dataset } from "../dataset/index.ts";
import type { Registration } from "../state/index.ts";

/*
 * Everything that the engine asks of a kind of owner. `owners/index.ts` registers the kinds; no file of the engine names
 * one of them.
 */

/** An owner that is enrolled: its datasets are refreshed. */
export interface Enrolled extends Registration {
  name: string;
  tier: Tier;
  /** False: what is stored stays for a while, but nothing is fetched. */
  isActive: boolean;
}

/** A character whose token can fetch a dataset of an owner. */
export interface Fetcher {
  characterId: number;
  name: string;
  /** A token for one fetch. Throws `TokenRefusedError` if there is none any more, `TokenUnavailableError` if there is none now. */
  accessToken: () => Promise<string>;
  /** ESI refused a token that should still be valid: the next `accessToken` asks the login service for another. */
  expireAccessToken: () => Promise<void>;
  recordSuccess: () => Promise<void>;
  /** Records a failure that another fetcher may not have: the token's death, or ESI's answer 401 or 403. */
  recordFailure: (error: unknown) => Promise<void>;
}

/** The login service has refused the fetcher's token for good. */
export class TokenRefusedError extends Error {
  override readonly name = "TokenRefusedError";
}

/** The login service does not answer. */
export class TokenUnavailableError extends Error {
  override readonly name = "TokenUnavailableError";
}

/** What is asked of the choice of fetchers. */
export interface Turn {
  /** Epoch ms. */
  now: number;
  /** The character that fetched the dataset last. */
  last?: number | undefined;
  /** A person asks, perhaps after solving the problem: fetchers who were just refused are included, as the last. */
  byPerson?: boolean;
}

/** Why nobody can fetch a dataset. `code` is listed in docs/errors.md. */
export interface Reason {
  code: string;
  message: string;
}

/** A fetcher as the scheduler sees one: the datasets it can fetch, and the state of its ESI buckets. */
export interface Payer {
  mayFetch: (dataset: Dataset) => boolean;
  buckets: readonly Budget.Entry[];
}

/** Names ids of some kinds of columns from an owner's own datasets. Sources are asked in order. */
export interface NameSource {
  kinds: readonly ColumnKind[];
  datasets: readonly string[];
  nameOf: (views: readonly View[], kind: ColumnKind, id: number) => string | undefined;
}

export interface OwnerKind {
  kind: Owner["kind"];
  datasets: Catalogue;
  names: readonly NameSource[];
  /** Undefined: the owner is not enrolled, or not any more. What is stored of it is then swept. */
  find: (owner: Owner, options?: { consistent?: boolean }) => Promise<Enrolled | undefined>;
  /** Throws ElectroDB's failed condition if the owner is not enrolled any more. */
  setTier: (owner: Owner, tier: Tier) => Promise<void>;
  /** Best first. Not asked for public datasets. */
  fetchers: (owner: Owner, dataset: Dataset, turn: Turn) => Promise<Fetcher[]>;
  whyBlocked: (owner: Owner, dataset: Dataset) => Promise<Reason>;
  payers: (owner: Owner) => Promise<Payer[]>;
  /** Allows those who can read the owner's data, and our own workers. Throws `<kind>.not_found` (404) for everyone else. */
  requireReader: (owner: Owner) => Promise<void>;
  /** Throws a `VisibleError` if nothing is fetched of the owner any more. */
  requireActive: (owner: Owner) => Promise<void>;
}

const registered = new Map<string, OwnerKind>();

/** Makes a kind known to the engine. Called once for each kind, when the process starts. */
export function register(kind: OwnerKind): void {
  registered.set(kind.kind, kind);
}

/** Every kind, in the order of registration. */
export const registeredKinds = (): OwnerKind[] => [...registered.values()];

/** The kind of an owner. Throws if it is not registered: the entry point does not import `@tapi/core/owners`. */
export function kindOf({ kind }: Pick<Owner, "kind">): OwnerKind {
  const found = registered.get(kind);
  if (!found) throw new Error(`no kind of owner "${kind}" is registered: import @tapi/core/owners first`);
  return found;
}

export const datasetsOf = (owner: Pick<Owner, "kind">): Catalogue => kindOf(owner).datasets;

export const findEnrolled = (owner: Owner, options?: { consistent?: boolean }): Promise<Enrolled | undefined> =>
  kindOf(owner).find(owner, options);

export const requireReader = (owner: Owner): Promise<void> => kindOf(owner).requireReader(owner);

/** For log lines. */
export const described = (owner: Owner): { owner: string } => ({ owner: keyOf(owner) });
