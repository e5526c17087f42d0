import * as z from "zod";
import { plainRow } from "../../eve/markup/index.ts";
import { amount, isk, moment, plain } from "../dataset/format.ts";
import type { ColumnKind, Dataset, Happening, NameOf, Row, RowChange } from "../dataset/index.ts";
import { type Names, namedKinds } from "../table/index.ts";

const Values = z.record(z.string(), z.unknown());

/** One line of a change feed: what happened, in words and as data. */
export const Entry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  dataset: z.string(),
  title: z.string(),
  /** `noun.verb`, e.g. `member.joined`; `row.added`, `row.removed`, `row.changed` where the dataset has no words of its own. */
  kind: z.string(),
  text: z.string(),
  /** `many`: a refresh changed so much at once that it is summed up. */
  change: z.enum(["added", "removed", "changed", "many"]),
  row: Values.optional(),
  before: Values.optional(),
  after: Values.optional(),
});
export type Entry = z.infer<typeof Entry>;

/** Names as describers use them: the id itself where nobody knows. */
export const nameOf =
  (names: Names): NameOf =>
  (kind, id) =>
    names.of(kind, id as number) ?? String(id);

function shown(kind: ColumnKind | undefined, value: unknown, name: NameOf): string {
  if (value === undefined || value === null) return "nothing";
  if (kind && namedKinds.includes(kind)) return name(kind, value);
  if (kind === "isk") return isk(value);
  if (kind === "date") return moment(value);
  if (kind === "enum") return plain(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (kind === "number") return amount(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Columns that say which row it is, in the words of its table. */
const tellingColumns = 3;

function label({ columns, key }: Dataset, row: Row, name: NameOf): string {
  const telling = Object.entries(columns).filter(([column, { hidden }]) => !hidden && row[column] !== undefined);
  if (telling.length === 0) return key.map((column) => row[column]).join(", ");
  return telling
    .slice(0, tellingColumns)
    .map(([column, { kind }]) => shown(kind, row[column], name))
    .join(", ");
}

/** For datasets without words of their own: the table's titles and values. */
function plainly(dataset: Dataset, { change, row, before, after }: RowChange, name: NameOf): Happening {
  const it = label(dataset, row, name);
  if (change !== "changed") return { kind: `row.${change}`, text: `${change === "added" ? "New" : "Gone"}: ${it}` };
  const turns = Object.keys(after).map((column) => {
    const view = dataset.columns[column];
    return `${view?.title ?? column} ${shown(view?.kind, before[column], name)}, now ${shown(view?.kind, after[column], name)}`;
  });
  return { kind: "row.changed", text: `${it}: ${turns.join("; ")}` };
}

export interface DatedChange {
  id: string;
  at: number;
  change: RowChange;
}

const values = (row: Row): { [column: string]: unknown } | undefined => (Object.keys(row).length > 0 ? row : undefined);

function happeningsOf(dataset: Dataset, change: RowChange, name: NameOf, everything: boolean): readonly Happening[] {
  const { row, before, after } = change;
  const read = { ...change, row: plainRow(row), before: plainRow(before), after: plainRow(after) };
  const happenings = [dataset.history?.(read, name) ?? []].flat();
  return happenings.length === 0 && everything ? [plainly(dataset, read, name)] : happenings;
}

/** What happened in a change, an entry each; none where the dataset has no words for it, unless everything is asked for. */
export function entriesOf(
  dataset: Dataset,
  { id, at, change }: DatedChange,
  name: NameOf,
  everything: boolean,
): Entry[] {
  const { row, before, after } = change;
  return happeningsOf(dataset, change, name, everything).map((happening, index) => ({
    id: `${dataset.name}/${id}${index === 0 ? "" : `.${index}`}`,
    at: new Date(at).toISOString(),
    dataset: dataset.name,
    title: dataset.title,
    ...happening,
    change: change.change,
    row,
    ...(values(before) ? { before } : {}),
    ...(values(after) ? { after } : {}),
  }));
}

/** One entry for a refresh that changed too many rows for an entry each. */
export function summaryOf(dataset: Dataset, at: number, id: string, counts: Counts): Entry {
  const parts = (["added", "removed", "changed"] as const)
    .filter((each) => counts[each] > 0)
    .map((each) => `${amount(counts[each])} ${each}`);
  return {
    id: `${dataset.name}/${id}`,
    at: new Date(at).toISOString(),
    dataset: dataset.name,
    title: dataset.title,
    kind: "rows.changed",
    text: `${dataset.title}: ${parts.join(", ")}`,
    change: "many",
  };
}

export interface Counts {
  added: number;
  removed: number;
  changed: number;
}
