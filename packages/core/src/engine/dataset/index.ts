import { createHash } from "node:crypto";
import type * as z from "zod";
import { type EsiError, type OperationId, type Route, routes } from "../../eve/esi/index.ts";
import type { Owner } from "../../owner/index.ts";
import type { RefreshQueue } from "../../platform/topology/index.ts";
import type { Key, Row, Shape, Table, View } from "../../snapshot/index.ts";
import { withMoments } from "./moments.ts";

export type { Row, View } from "../../snapshot/index.ts";
export { followAt, followedVersion } from "./follow.ts";

/** How a column is shown, filtered and resolved to a name. */
export type ColumnKind =
  | "id"
  | "text"
  | "number"
  | "isk"
  | "date"
  | "boolean"
  | "enum"
  | "type"
  | "character"
  | "party"
  | "location"
  | "system"
  | "division"
  | "hangar";

export interface ColumnView {
  title: string;
  kind: ColumnKind;
  /** Not shown until the reader chooses it. */
  hidden?: boolean;
}

/** What was known of an item when its detail was last asked for. */
export interface ItemState {
  etags?: string[];
  after?: string;
  /** Of the item in its list: the detail is asked for again when it differs. */
  stamp?: string;
  /**
   * Rows were expected and the answer was empty: at which stamp, and in how many answers in a row. The next one is asked
   * for in full. An empty answer is believed after several, and never while rows of the item are known.
   */
  emptyAnswers?: { stamp: string; answers: number };
  /** Epoch seconds: not asked again before. */
  expiresAt: number;
  /** How often in a row it was refused, or not answered. */
  times?: number;
  /** ESI refused this one item, or a row of it could not be read or named: it is asked for again, in full. */
  refused?: true;
}

/** How far a ledger has been read. */
export interface Newest {
  id: number;
  at: number;
}

/** What ESI needs to be asked conditionally the next time. */
export interface Validator {
  /** One entity tag a page. */
  etags: string[];
  /** Cursor routes: where the next walk begins. */
  after?: string;
  /** Where only what is new is read: when everything was last read (epoch ms); 0: it was, and is not believed yet. */
  wholeAt?: number;
  /** Paged ledgers: the newest entry's id and date (epoch ms). All entries up to there are stored. */
  newest?: Newest;
  /** Walks by `from_id`: ids below which, down to the next known row, is still to be read. */
  gaps?: number[];
  /** Parts: while others are asked for again because they failed, this one is not before then (epoch ms). */
  expiresAt?: number;
  /** Details: what was known of each item. */
  items?: Readonly<Record<string, ItemState>>;
  /** The rows were stored by a release that had other columns: ESI is asked for all of them in full once more. */
  isOutdated?: true;
}

/** What stays of a validator of a release that had other columns: what ESI is not to be asked for again yet. */
export const outdated = ({ expiresAt, items }: Validator): Validator => ({
  etags: [],
  isOutdated: true,
  ...(expiresAt === undefined ? {} : { expiresAt }),
  ...(items === undefined ? {} : { items }),
});

/** The rows of a page that fit their schema, by column, and what is known of the others. */
export interface ValidatedPage {
  table: Table;
  setAside: number;
  /** Keys of rows set aside: what is stored of them stays. Undefined if one of them had no readable key. */
  keptKeys: ReadonlySet<Key> | undefined;
  /** Why the first of them was. */
  reason?: string;
}

/**
 * A part of a dataset (a wallet division; the whole where there are no parts), as rows or as pages that were validated when
 * they came. Both are absent when it is unchanged.
 */
export interface Part {
  part: string;
  rows?: readonly Row[];
  pages?: readonly ValidatedPage[];
  validator?: Validator;
}

export const hasNews = ({ rows, pages }: Part): boolean => rows !== undefined || pages !== undefined;

export interface Fetched {
  parts: Part[];
  /** Epoch ms from which ESI may have something newer: nothing is fetched again before. */
  staleAt: number;
  /** ESI rate-limit tokens spent. */
  cost: number;
  /** Why some parts were not answered. Those that were are kept, and not asked for again before they expire. */
  failure?: EsiError;
  /** What should be there and is not, and why, for the freshness board. */
  missing?: { count: number; why: string };
  /** Only a part of what is due was asked for: the rest must not wait for anything but `staleAt`. */
  hasMore?: true;
}

/** Whose data is fetched, and with whose token; without one for public routes. */
export interface FetchContext {
  owner: Owner;
  accessToken?: string;
  characterId?: number;
  /** Everybody who may fetch now, this one included. */
  fetcherIds?: readonly number[];
  validators: Readonly<Record<string, Validator>>;
  /** A person waits for it: it may draw on the part of the budget that is kept back for people. */
  interactive: boolean;
  /** The dataset's own current version. */
  previous: () => Promise<View>;
  /** The current version of another dataset of the same owner. */
  view: (dataset: string) => Promise<View>;
  /** Every id of these kinds that any dataset of the owner speaks of. */
  ids: (kinds: readonly ColumnKind[]) => Promise<ReadonlySet<number>>;
  progress: (done: number, total: number) => void;
  /** Whether a row fits the dataset's schema; one that does not is set aside. */
  accepts: (row: Row) => boolean;
  /** Rows are only ever added. */
  isLedger?: boolean;
  /** Validates a page as soon as it is there, so that its rows need not be kept until the last one. Absent for ledgers. */
  validatePage?: (page: Buffer, parse: () => unknown) => ValidatedPage;
}

export type Group =
  | "Corporation"
  | "Members"
  | "Wallet"
  | "Assets"
  | "Industry"
  | "Market"
  | "Contracts"
  | "Structures"
  | "Combat"
  | "Affairs"
  | "Skills"
  | "Location"
  | "Notifications";

/** Where the dataset stands on screen: in the tabs and lists of its owner's pages. */
export interface Screen {
  /** The section, which is a tab. */
  group: Group;
  /**
   * `front`: the owner's front page shows it, and its section is that page's. `home`: opens with the section. `main`: listed beside it. `supporting`: in the section's menu of further lists.
   * `part`: shown by the home's own page, so the section lists it nowhere else.
   */
  place: "front" | "home" | "main" | "supporting" | "part";
  /** What the section's list calls it, if not by its title. */
  label?: string;
}

/** What became of a row between two versions. */
export interface RowChange {
  change: "added" | "removed" | "changed";
  /** The row as it is afterwards, or as it was when it went. Of a row that is gone by now, only what is still known. */
  row: Row;
  /** Of a changed row: the columns that differ, as they were and as they are; null where absent. */
  before: Row;
  after: Row;
}

/** What is an id called? The id itself where nobody knows. */
export type NameOf = (kind: ColumnKind, id: unknown) => string;

/** A change in words. `kind` is `noun.verb`, for icons and filters. */
export interface Happening {
  kind: string;
  text: string;
}

export interface Dataset {
  name: string;
  title: string;
  screen: Screen;
  queue: RefreshQueue;
  /** ESI operations it reads, the one that decides scope, roles, expiry and rate limit first. */
  operations: readonly [OperationId, ...OperationId[]];
  /** `snapshot`: ESI hands the collection over whole. `ledger`: rows are only ever added; kept by month. */
  storage: "snapshot" | "ledger";
  /** Ledger only: the column whose date says which month a row belongs to. */
  dateColumn?: string;
  /** Ledger only: months, this one included, that may hold what ESI still hands out. Default 2. */
  windowMonths?: number;
  /** Snapshots of several parts: the column that says which part a row belongs to. */
  partColumn?: string;
  row: z.ZodObject;
  key: readonly string[];
  /** The key that rows stored by an earlier release bear, where it was another one. */
  formerKey?: readonly string[];
  columns: Readonly<Record<string, ColumnView>>;
  /** Columns that hold nested values with ids of characters, corporations or alliances in them. */
  nested?: readonly string[];
  /** Columns that follow from the whole version (an item's station, through its containers), computed when read. */
  derived?: Readonly<Record<string, { column: ColumnView; compute: (view: View) => unknown[] }>>;
  /** Column to sort by at first, descending with a leading `-`. */
  sort: string;
  /**
   * The list whose items it tells more of. Nothing in it is new before the list has changed or one of its own items has
   * expired: it is due then, and not by a timer (docs/adr/0011).
   */
  detailOf?: string;
  /** Datasets that it is made from: they are fetched first. Of a detail: its list. */
  after?: readonly string[];
  /**
   * Datasets with which it can change at once, and after how long at the earliest it follows each of them (seconds since it
   * was fetched last). While none of them changes, it is due when its own answers expire. A detail follows its list.
   */
  follows?: Readonly<Record<string, number>>;
  /** What changes without a trace in the lists that it is made from is read again this often: so long it may be outdated. */
  rereadSeconds?: number;
  /** Each fetcher's token shows something of their own: they fetch in turn, whoever has the most budget. */
  takesTurns?: true;
  /** Fetched at most this often, where ESI's own expiry is shorter or missing. */
  minIntervalSeconds?: number;
  /**
   * Tells a change in words, for the owner's change feed: one line for each thing that happened; none: not worth
   * telling there. Without it the dataset has a history of its own and no part in the feed.
   */
  history?: (change: RowChange, name: NameOf) => Happening | readonly Happening[] | undefined;
  fetch: (context: FetchContext) => Promise<Fetched>;
}

/** A dataset as it is declared: everything that follows from the declaration is filled in by `define`. */
export function define<Schema extends z.ZodObject>(
  dataset: Omit<Dataset, "row" | "key" | "columns"> & {
    row: Schema;
    key: readonly (keyof z.output<Schema> & string)[];
    columns: Readonly<Partial<Record<keyof z.output<Schema> & string, ColumnView>>>;
  },
): Dataset {
  const { detailOf, after = detailOf === undefined ? [] : [detailOf] } = dataset;
  const columns = dataset.columns as Dataset["columns"];
  return { ...dataset, after, columns, row: withMoments({ ...dataset, columns }) };
}

const columnSets = new WeakMap<Dataset, string>();

/** Names the columns that the dataset has in this release. */
export function columnSetOf(dataset: Dataset): string {
  let named = columnSets.get(dataset);
  if (!named) {
    const columns = Object.keys(dataset.row.shape).sort().join();
    named = createHash("sha256").update(columns).digest("base64url").slice(0, 8);
    columnSets.set(dataset, named);
  }
  return named;
}

const shapes = new WeakMap<Dataset, Shape>();

/** How the dataset's rows are stored. */
export function shapeOf(dataset: Dataset): Shape {
  let shape = shapes.get(dataset);
  if (!shape) {
    const { key, formerKey } = dataset;
    shape = { columns: Object.keys(dataset.row.shape), key, ...(formerKey ? { formerKey } : {}) };
    shapes.set(dataset, shape);
  }
  return shape;
}

const route = (operation: OperationId): Route => routes[operation];

/** Scopes that a token must hold for the dataset. */
export const scopesOf = (dataset: Dataset): string[] => [
  ...new Set(dataset.operations.flatMap((operation) => route(operation).scopes ?? [])),
];

/** In-game roles of which a fetcher needs one. `Director` stands for all of them in the game. Empty: any member. */
export const rolesOf = (dataset: Dataset): string[] => [...(route(dataset.operations[0]).roles ?? [])];

/** The rate-limit group that the dataset's first operation draws on, if it has one. */
export const rateGroupOf = (dataset: Dataset): string | undefined => route(dataset.operations[0]).rateGroup;

/** Whether the dataset can be read without a token. */
export const isPublic = (dataset: Dataset): boolean => scopesOf(dataset).length === 0;
