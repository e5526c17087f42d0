import type { Character, CorporationSummary, Dataset, Director, Freshness } from "../src/api/contract.ts";
import type { Network } from "./network.ts";

export const id = 98_000_001;

export const entry = (dataset: string, over: Partial<Freshness> = {}): Freshness => ({
  dataset,
  title: dataset,
  group: "Group",
  status: "fresh",
  version: 1,
  rows: 3,
  refreshedAt: "2026-11-29T12:00:00.000Z",
  ...over,
});

export const dataset = (name: string, over: Partial<Dataset> = {}): Dataset => ({
  kind: "corporation",
  name,
  title: name,
  group: "Group",
  place: "main",
  scopes: [],
  roles: [],
  columns: [{ key: "name", title: "Name", kind: "text" }],
  defaultSort: "name",
  ...over,
});

export const corporation = (over: Partial<CorporationSummary> = {}): CorporationSummary => ({
  corporationId: id,
  name: `Corporation ${over.corporationId ?? id}`,
  ticker: "TEST",
  tier: "P1",
  addedAt: "2026-01-01T00:00:00.000Z",
  fresh: 1,
  due: 0,
  stale: 0,
  blocked: 0,
  total: 1,
  slowed: false,
  unread: false,
  ...over,
});

export const character = (over: Partial<Character> = {}): Character => ({
  characterId: 2_100_000_001,
  name: "Ann Example",
  isMain: true,
  linkedAt: "2026-01-01T00:00:00.000Z",
  token: { status: "valid", scopes: ["publicData"], missingScopes: [] },
  ...over,
});

export const director = (over: Partial<Director> = {}): Director => ({
  characterId: 2_100_000_001,
  name: "Ann Example",
  preference: "in_turn",
  healthy: true,
  consecutiveFailures: 0,
  roles: ["Director"],
  missingScopes: [],
  missingRolesFor: [],
  refused: [],
  buckets: [],
  incidents: [],
  ...over,
});

/** Somebody is logged in, with these corporations. */
export function loggedIn(network: Network, corporations: CorporationSummary[] = [corporation()]): void {
  network.answer("GET /session", {
    user: { userId: "user-1", admin: false, main: { characterId: 2_100_000_001, name: "Ann Example" } },
  });
  network.answer("GET /corporations", corporations);
  network.answer("GET /characters", [character()]);
  network.answer("GET /datasets", [dataset("members"), dataset("wallets")]);
  for (const { corporationId } of corporations) {
    network.answer(`GET /corporations/${corporationId}/freshness`, [entry("members"), entry("wallets")]);
    network.answer(`GET /corporations/${corporationId}`, corporation({ corporationId }));
    network.answer(`GET /corporations/${corporationId}/directors`, []);
  }
}
