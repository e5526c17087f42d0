import { address, monthsBetween, readLedger } from "@tapi/core/engine/collection";
import { shapeOf } from "@tapi/core/engine/dataset";
import * as Token from "@tapi/core/identity/token";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Snapshot from "@tapi/core/snapshot";
import * as Owner from "../src/owner/index.ts";
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

/** Every row that is stored of a dataset, in all its months. */
export async function storedRows(corporationId: number, name: string): Promise<Row[]> {
  Snapshot.clearCache();
  const dataset = Datasets.get(name);
  if (dataset.storage === "snapshot") {
    return (await Snapshot.read(address(Owner.corporation(corporationId), dataset), shapeOf(dataset))).rows();
  }
  const months = monthsBetween("2024-01", new Date().toISOString().slice(0, 7));
  return (await readLedger(Owner.corporation(corporationId), dataset, months)).rows();
}

/** Asks with the director's token, by hand: it does not count as the product's own reading. */
async function ask({ newEden, characterId }: Subject, path: string, body: unknown): Promise<unknown> {
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

/** Compares what is stored with New Eden's truth as of now. A ledger may hold more than ESI still hands out. */
export async function difference(name: string, subject: Subject): Promise<Difference> {
  const source = sourceOf(subject);
  const truth = await expected(name, subject.corporationId, source);
  const rows = (await storedRows(subject.corporationId, name)).filter((row) => !isEmpty(name, row));
  const besides = await alsoExpected(name, source, rows);
  const dataset = Datasets.get(name);
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
