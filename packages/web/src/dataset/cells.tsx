import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "../api/clock.ts";
import type { DatasetColumn, Row } from "../api/contract.ts";
import { cx } from "../ui/cx.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { formatAge, formatDate, formatDateTime, formatIsk, formatNumber } from "../ui/format.ts";
import type { TableColumn } from "../ui/table/column.ts";
import { Nested, nestedWords } from "./nested.tsx";
import { enumLabel, hangarLabel, walletLabel } from "./value-label.ts";

const nothing = <span className="text-faint">–</span>;

function nameOf(row: Row, key: string): string | undefined {
  const name = row[`${key}_name`];
  return typeof name === "string" && name !== "" ? name : undefined;
}

function Named({ row, column, picture }: { row: Row; column: string; picture?: "character" | "type" }) {
  const id = Number(row[column]);
  const name = nameOf(row, column);
  return (
    <span className="flex min-w-0 items-center gap-2">
      {picture ? <EveImage kind={picture} id={id} name={name ?? "?"} size={20} /> : null}
      <span className={cx("truncate", !name && "nums text-muted")} title={name ?? `No name known for ${id}`}>
        {name ?? id}
      </span>
    </span>
  );
}

/** A moment in EVE time; on a phone, where there is no room for it, as an age. */
function Moment({ value }: { value: string }) {
  const now = useNow(60_000);
  const age = formatAge(Date.parse(value), now);
  return (
    <span className="nums truncate" title={age}>
      {/* Some dates of ESI are whole days. */}
      <span className="max-sm:hidden">{value.length > 10 ? formatDateTime(value) : formatDate(value)}</span>
      <span className="sm:hidden">{age}</span>
    </span>
  );
}

/** A moment as an age, for columns that are read as "how long ago". */
export function drawSince(row: Row, key: string): ReactNode {
  const value = row[key];
  return typeof value === "string" ? <Since value={value} /> : nothing;
}

function Since({ value }: { value: string }) {
  const now = useNow(60_000);
  return (
    <span className="nums truncate" title={`${formatDateTime(value)} EVE time`}>
      {formatAge(Date.parse(value), now)}
    </span>
  );
}

/** In-game roles come as `Hangar_Query_1, Hangar_Take_1`; everything else people wrote themselves. */
const listWords = (text: string) =>
  /^[A-Z]\w*_\w+(, [A-Z]\w*)*$/.test(text) || /^[A-Z]\w*(, [A-Z]\w*_\w+)+$/.test(text)
    ? text.replaceAll("_", " ")
    : text;

/** How each kind of value is drawn; whatever it is, a missing one is a dash. */
const draw = {
  id: (row, key) => <span className="nums truncate text-muted">{String(row[key])}</span>,
  text: (row, key) => {
    const value = row[key];
    const words = typeof value === "object" && value ? nestedWords(value) : listWords(String(value));
    return (
      <span className="truncate" title={words}>
        {words}
      </span>
    );
  },
  number: (row, key) => formatNumber(Number(row[key])),
  isk: (row, key) => {
    const value = Number(row[key]);
    return <span className={value < 0 ? "text-failed" : undefined}>{formatIsk(value)}</span>;
  },
  date: (row, key) => <Moment value={String(row[key])} />,
  boolean: (row, key) =>
    row[key] === true ? (
      <Check className="size-3.5 text-accent" aria-label="Yes" />
    ) : (
      <span className="text-faint">No</span>
    ),
  type: (row, key) => <Named row={row} column={key} picture="type" />,
  character: (row, key) => <Named row={row} column={key} picture="character" />,
  party: (row, key) => <Named row={row} column={key} />,
  location: (row, key) => <Named row={row} column={key} />,
  system: (row, key) => <Named row={row} column={key} />,
  division: (row, key) => <span className="truncate">{nameOf(row, key) ?? walletLabel(Number(row[key]))}</span>,
  hangar: (row, key) => <span className="truncate">{nameOf(row, key) ?? hangarLabel(Number(row[key]))}</span>,
  enum: (row, key) => <span className="truncate">{nameOf(row, key) ?? enumLabel(String(row[key]))}</span>,
} satisfies Record<string, (row: Row, key: string) => ReactNode>;

type ColumnKind = keyof typeof draw;

/** A kind that this page does not know yet is shown as text. */
const kindOf = ({ kind }: DatasetColumn): ColumnKind => (kind in draw ? (kind as ColumnKind) : "text");

/** Least width in pixels and share of the spare width, by kind. */
const widths: Record<ColumnKind, [number, number]> = {
  id: [120, 0.5],
  text: [150, 1.6],
  number: [90, 0.6],
  isk: [164, 0.8],
  date: [142, 0.6],
  boolean: [80, 0.3],
  type: [190, 1.6],
  character: [180, 1.4],
  party: [180, 1.4],
  location: [210, 2],
  system: [120, 0.8],
  division: [120, 0.8],
  hangar: [120, 0.8],
  enum: [130, 1],
};

function drawValue(column: DatasetColumn, row: Row): ReactNode {
  const value = row[column.key];
  return value === undefined || value === null || value === "" ? nothing : draw[kindOf(column)](row, column.key);
}

/** A value with room to spare: what is nested stands open. */
export function drawWhole(column: DatasetColumn, row: Row): ReactNode {
  const value = row[column.key];
  return typeof value === "object" && value !== null ? <Nested value={value} /> : drawValue(column, row);
}

/** The table column that a declared column becomes. */
export function toTableColumn(column: DatasetColumn): TableColumn<Row> {
  const [width, grow] = widths[kindOf(column)];
  const figure = column.kind === "number" || column.kind === "isk";
  return {
    key: column.key,
    title: column.title,
    cell: (row) => drawValue(column, row),
    align: figure ? "end" : "start",
    width,
    grow,
    sortable: true,
    descendingFirst: figure || column.kind === "date",
    hidden: column.hidden ?? false,
    card: figure ? "figure" : "line",
  };
}
