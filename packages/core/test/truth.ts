import { address, monthsBetween, readLedger } from "@tapi/core/engine/collection";
import { type Dataset, shapeOf } from "@tapi/core/engine/dataset";
import * as Token from "@tapi/core/identity/token";
import { Datasets as CharacterDatasets } from "@tapi/core/owners/character";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Snapshot from "@tapi/core/snapshot";
import * as Owner from "../src/owner/index.ts";
import * as Pilot from "../src/owners/character/datasets/truth.fixture.ts";
import {
  alsoExpected,
  expected,
  isEmpty,
  type Row,
  type Source,
} from "../src/owners/corporation/datasets/truth.fixture.ts";

export type { Row } from "../src/owners/corporation/datasets/truth.fixture.ts";

/** A corporation whose copy is held against New Eden's own state. */
export interface Subject {
  newEden: string;
  corporationId: number;
  /** A director: New Eden shows some things only to one. */
  characterId: number;
}

/** A pilot whose own data are held against New Eden's. */
export type PilotSubject = Omit<Subject, "corporationId">;

async function storedOf(owner: Owner.Owner, dataset: Dataset): Promise<Row[]> {
  Snapshot.clearCache();
  if (dataset.storage === "snapshot") return (await Snapshot.read(address(owner, dataset), shapeOf(dataset))).rows();
  const months = monthsBetween("2024-01", new Date().toISOString().slice(0, 7));
  return (await readLedger(owner, dataset, months)).rows();
}

/** Every row that is stored of a corporation's dataset, in all its months. */
export const storedRows = (corporationId: number, name: string): Promise<Row[]> =>
  storedOf(Owner.corporation(corporationId), Datasets.get(name));

/** Asks with the pilot's token, by hand: it does not count as the product's own reading. */
async function ask({ newEden, characterId }: PilotSubject, path: string, body: unknown): Promise<unknown> {
  const { accessToken } = await Actor.provide({ type: "system", name: "test" }, () =>
    Token.access({ characterId, purpose: "test", operation: "GetStatus" }),
  );
  const response = await fetch(`${newEden}${path}`, {
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    headers: {
      authorization: `Bearer ${accessToken}`,
      "x-compatibility-date": "2026-08-18",
      "user-agent": "tapi-test",
      "content-type": "application/json",
    },
  });
  return response.json();
}

const killmails = new Map<string, Promise<unknown>>();

function killmail(subject: Subject, id: unknown, hash: unknown): Promise<Row> {
  const path = `/killmails/${id}/${hash}`;
  const answer = killmails.get(path) ?? ask(subject, path, undefined);
  killmails.set(path, answer);
  return answer as Promise<Row>;
}

const sourceOf = (subject: Subject): Source => ({
  truth: async (name) => {
    const response = await fetch(`${subject.newEden}/_control/truth/${subject.corporationId}/${name}`);
    return [(await response.json()) as Row | Row[]].flat();
  },
  about: (items, ids) => ask(subject, `/corporations/${subject.corporationId}/assets/${items}`, ids) as Promise<Row[]>,
  killmail: (id, hash) => killmail(subject, id, hash),
  names: (ids) => ask(subject, "/universe/names", ids) as Promise<{ id: number; name: string }[]>,
  characterId: subject.characterId,
});

const inOrder = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
    : value;

/** A row as a comparable text, with these columns only. */
const textOf = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(
    columns.map((column) => row[column] ?? null),
    (_, value) => inOrder(value),
  );

/** How a copy differs from the truth: rows that it lacks (or holds otherwise), that it must not hold, and holds twice. */
export interface Difference {
  missing: string[];
  extra: string[];
  doubled: number;
}

export const none: Difference = { missing: [], extra: [], doubled: 0 };

/** A ledger may hold more than ESI still hands out; `besides` is what any may hold. */
function compare(dataset: Dataset, rows: Row[], truth: Row[], besides: Row[]): Difference {
  const columns = [...new Set(truth.flatMap((row) => Object.keys(row)))].sort();
  const stored = new Set(rows.map((row) => textOf(row, columns)));
  const real = new Set(truth.map((row) => textOf(row, columns)));
  const allowed = new Set([...real, ...besides.map((row) => textOf(row, columns))]);
  const keys = new Set(rows.map((row) => Snapshot.keyOf(shapeOf(dataset), (column) => row[column])));
  return {
    missing: [...real].filter((text) => !stored.has(text)),
    extra: dataset.storage === "ledger" ? [] : [...stored].filter((text) => !allowed.has(text)),
    doubled: rows.length - keys.size,
  };
}

/** Compares what is stored of a corporation with New Eden's truth as of now. */
export async function difference(name: string, subject: Subject): Promise<Difference> {
  const source = sourceOf(subject);
  const truth = await expected(name, subject.corporationId, source);
  const rows = (await storedRows(subject.corporationId, name)).filter((row) => !isEmpty(name, row));
  return compare(Datasets.get(name), rows, truth, await alsoExpected(name, source, rows));
}

const pilotSourceOf = (subject: PilotSubject): Pilot.Source => ({
  truth: async (name) => {
    const response = await fetch(`${subject.newEden}/_control/truth/character/${subject.characterId}/${name}`);
    return response.json();
  },
  structures: async (ids) => {
    const answers = await Promise.all(ids.map((id) => ask(subject, `/universe/structures/${id}`, undefined)));
    return ids.map((id, at) => ({ ...(answers[at] as Row), id })).filter((row) => "name" in row);
  },
  names: (ids) => ask(subject, "/universe/names", ids) as Promise<{ id: number; name: string }[]>,
});

/** The rows of a pilot's dataset, from New Eden's own state. */
export const pilotTruth = (name: string, subject: PilotSubject): Promise<Row[]> =>
  Pilot.expected(name, pilotSourceOf(subject));

/** Compares what is stored of a pilot's own data with New Eden's truth as of now. */
export async function pilotDifference(name: string, subject: PilotSubject): Promise<Difference> {
  const source = pilotSourceOf(subject);
  const truth = await Pilot.expected(name, source);
  const stored = await storedOf(Owner.character(subject.characterId), CharacterDatasets.get(name));
  const rows = stored.filter((row) => !isEmpty(name, row));
  return compare(CharacterDatasets.get(name), rows, truth, await Pilot.alsoExpected(name, source, rows));
}
