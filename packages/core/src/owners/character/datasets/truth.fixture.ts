import type { Row } from "../../corporation/datasets/truth.fixture.ts";
import { get } from "./index.ts";

/** New Eden as a pilot may see it. */
export interface Source {
  /** A dataset as ESI would answer it now. */
  truth: (name: string) => Promise<unknown>;
  /** Structures by their ids, as ESI answers the pilot; those that it refuses are left out. */
  structures: (ids: readonly number[]) => Promise<Row[]>;
  /** What ids are called, as ESI tells anybody. */
  names: (ids: readonly number[]) => Promise<{ id: number; name: string }[]>;
}

/** How ESI's answer reads as rows, where the product keeps it in another form. */
const asRows: Record<string, (answer: never) => Row[]> = {
  skills: ({ skills, unallocated_sp = 0, total_sp }: { skills: Row[]; unallocated_sp?: number; total_sp: number }) =>
    skills.map((row) => ({ ...row, unallocated_sp, total_sp })),
  wallet: (balance: number) => [{ balance }],
  "asset-names": (names: Row[]) => names.filter(({ name }) => name !== "None"),
  "asset-locations": (items: (Row & { position: Row })[]) =>
    items.map(({ position, ...item }) => ({ ...item, ...position })),
};

/** A list as it is, one object as the only row, plain values as rows of the key alone. */
const rowsOf = (name: string, answer: unknown): Row[] =>
  [answer].flat().map((row) => (typeof row === "object" ? (row as Row) : { [get(name).key[0] as string]: row }));

/** Ids from here on are items or structures of players. */
const firstItemId = 1_000_000_000_000;
/** Ids below are no party: ESI writes them where there is nobody, or names a system. */
const firstPartyId = 1_000;

const isId = (id: unknown): id is number => typeof id === "number";
const distinct = (ids: unknown[]): number[] => [...new Set(ids.filter(isId))];

async function partyRows({ names }: Source, ids: readonly number[]): Promise<Row[]> {
  const parties = ids.filter((id) => id >= firstPartyId);
  const named = parties.length > 0 ? await names(parties) : [];
  return named.map(({ id, name }) => ({ party_id: id, name }));
}

async function structureRows({ structures }: Source, ids: readonly number[]): Promise<Row[]> {
  return (await structures(ids)).map(({ id, name, solar_system_id }) => ({ location_id: id, name, solar_system_id }));
}

/** Datasets that are made from others. */
const made: Record<string, (source: Source) => Promise<Row[]>> = {
  "party-names": async (source) => {
    const [journal, transactions] = (await Promise.all(
      ["wallet-journal", "wallet-transactions"].map(source.truth),
    )) as [Row[], Row[]];
    const parties = journal.flatMap((row) => [row.first_party_id, row.second_party_id, row.tax_receiver_id]);
    return partyRows(source, distinct([...parties, ...transactions.map(({ client_id }) => client_id)]));
  },
  "location-names": async (source) => {
    const [assets, transactions, place] = (await Promise.all(
      ["assets", "wallet-transactions", "location"].map(source.truth),
    )) as [Row[], Row[], Row];
    const items = new Set(assets.map(({ item_id }) => item_id));
    const places = distinct([...[...assets, ...transactions].map((row) => row.location_id), place.structure_id]);
    return structureRows(
      source,
      places.filter((id) => id >= firstItemId && !items.has(id)),
    );
  },
};

/** What may be stored besides: whom another dataset speaks of, and places in which something was once. */
const alsoTrue: Record<string, (source: Source, stored: readonly Row[]) => Promise<Row[]>> = {
  "party-names": (source, stored) => partyRows(source, distinct(stored.map(({ party_id }) => party_id))),
  "location-names": (source, stored) => structureRows(source, distinct(stored.map(({ location_id }) => location_id))),
};

export const alsoExpected = async (name: string, source: Source, stored: readonly Row[]): Promise<Row[]> =>
  (await alsoTrue[name]?.(source, stored)) ?? [];

/** The dataset's rows as they should be stored, from New Eden's own state; columns without a counterpart are left out. */
export async function expected(name: string, source: Source): Promise<Row[]> {
  const answer = made[name] ? await made[name](source) : await source.truth(name);
  const rows = asRows[name]?.(answer as never) ?? rowsOf(name, answer);
  const isStored = ([column, value]: [string, unknown]) => column in get(name).row.shape && value !== undefined;
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(isStored)));
}
