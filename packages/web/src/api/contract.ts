/** What the API answers under `/api/v1`, as the pages read it. Times are ISO strings in UTC. */

export interface Pilot {
  characterId: number;
  name: string;
}

export interface Session {
  user: {
    userId: string;
    main: Pilot & { corporationId: number; allianceId?: number };
    admin: boolean;
  } | null;
}

export interface Character extends Pilot {
  corporationId: number;
  corporationName: string;
  allianceId?: number;
  isMain: boolean;
  linkedAt: string;
  token: {
    status: "valid" | "dead" | "none";
    reason?: string;
    message?: string;
    scopes: string[];
    accessExpiresAt?: string;
  };
}

/** Uses of a character's token for one purpose, added up over a quarter of an hour. */
export interface TokenUse {
  at: string;
  lastAt?: string;
  purpose: string;
  operation?: string;
  by: string;
  outcome: string;
  count?: number;
}

export type Tier = "P0" | "P1" | "P2" | "P3";

export interface CorporationSummary {
  corporationId: number;
  name: string;
  ticker: string;
  allianceId?: number;
  memberCount?: number;
  tier: Tier;
  addedAt: string;
  fresh: number;
  stale: number;
  blocked: number;
  total: number;
}

export interface Corporation {
  corporationId: number;
  name: string;
  ticker: string;
  ceoId?: number;
  ceoName?: string;
  allianceId?: number;
  allianceName?: string;
  memberCount?: number;
  /** A share: 0.1 is ten per cent. */
  taxRate?: number;
  dateFounded?: string;
  homeStationName?: string;
  tier: Tier;
  addedAt: string;
  directors: Director[];
}

export interface Director extends Pilot {
  healthy: boolean;
  consecutiveFailures: number;
  lastError?: { code: string; message: string; at: string };
  roles: string[];
  missingScopes: string[];
  /** Datasets that this director's in-game roles do not open. */
  missingRolesFor: string[];
  buckets: { group: string; remaining: number; max: number }[];
  lastUsedAt?: string;
  remedy?: string;
}

export type FreshnessStatus = "never" | "queued" | "running" | "fresh" | "stale" | "failed" | "blocked";

export interface Freshness {
  dataset: string;
  title: string;
  status: FreshnessStatus;
  version: number;
  rows: number;
  refreshedAt?: string;
  changedAt?: string;
  expiresAt?: string;
  nextAt?: string;
  director?: Pilot;
  tokensSpent?: number;
  lastError?: { code: string; message: string; at: string };
  progress?: { done: number; total: number };
}

export type RefreshAnswer = { status: "queued" } | { status: "too_early"; nextPossibleAt: string };

export type ColumnKind =
  | "id"
  | "text"
  | "number"
  | "isk"
  | "date"
  | "boolean"
  | "type"
  | "character"
  | "location"
  | "system"
  | "division"
  | "enum";

export interface DatasetColumn {
  key: string;
  title: string;
  kind: ColumnKind;
  hidden?: boolean;
}

export interface Dataset {
  name: string;
  title: string;
  group: string;
  columns: DatasetColumn[];
  /** A column key, with `-` in front for descending. */
  defaultSort?: string;
  searchable: boolean;
}

/** One row by column key; keys that name things carry the resolved name beside them as `<key>_name`. */
export type Row = Record<string, unknown>;

export interface RowsMeta {
  total: number;
  matched: number;
  version: number;
  asOf?: string;
  nextCursor?: string;
}

export interface Facet {
  value: string | number | boolean | null;
  name?: string;
  count: number;
  sum?: number;
}

export interface WalletSummary {
  divisions: { division: number; name?: string; balance: number }[];
  series: { date: string; division: number; balance: number }[];
  flows: { date: string; division: number; income: number; expense: number }[];
}

export interface AssetSummary {
  count: number;
  quantity: number;
  stacks: number;
  locations: { location_id: number; name?: string; count: number; quantity: number }[];
  types: { type_id: number; name?: string; count: number; quantity: number }[];
  divisions: { division: string; name?: string; count: number; quantity: number }[];
}

export interface ChangeSummary {
  added: number;
  removed: number;
  changed: number;
  total: number;
}

export interface SocketTicket {
  ticket: string;
  url: string;
  expiresAt: string;
}

/** What the socket pushes. `id` is acknowledged, so that an unread message is sent again after a reconnect. */
export type SocketMessage = { id: string; topic: string; at: string } & (
  | { type: "subscribed"; data: { topics: string[]; refused: string[] } }
  | { type: "pong"; data?: unknown }
  | {
      type: "dataset.refreshed";
      data: { corporationId: number; dataset: string; freshness: Freshness; summary: ChangeSummary };
    }
  | { type: "dataset.progress"; data: { corporationId: number; dataset: string; freshness: Freshness } }
  | { type: "token.died"; data: { characterId: number; reason: string } }
);
