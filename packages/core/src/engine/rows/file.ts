import { cell, dateCell, FileOptions, type FilePart, lineOf, Part, type Profile } from "../../platform/csv/index.ts";
import { fn } from "../../platform/fn/index.ts";
import type { Table } from "../table/index.ts";
import { type Names, namedKinds } from "../table/index.ts";
import { pageOf, Query } from "./query.ts";
import { textOf } from "./select.ts";

/** A column of the file. */
interface FileColumn {
  title: string;
  cell: (row: number) => string;
}

/** Ids and their names in columns of their own: by their keys for machines, by the table's titles for people. */
function columnsOf(table: Table, names: Names, profile: Profile): FileColumn[] {
  return Object.entries(table.columns).flatMap(([column, { kind, title }]) => {
    const { indices, values } = table.encoded(column);
    const written = (texts: readonly string[]) => (row: number) => texts[indices[row] as number] as string;
    const isRaw = profile === "raw";
    const own = written(values.map((value) => (kind === "date" ? dateCell(value) : cell(value, profile))));
    if (!namedKinds.includes(kind)) return [{ title: isRaw ? column : title, cell: own }];
    const labels = written(values.map((value) => cell(textOf(table, names, column, value), profile)));
    return [
      { title: isRaw ? column : `${title} (id)`, cell: own },
      { title: isRaw ? `${column}_name` : title, cell: labels },
    ];
  });
}

/**
 * All rows that pass as CSV, as many as one answer holds. The first part begins with the headings, the others go on where
 * the one before ended: put together they are the file, each row once.
 */
export const csv = fn(
  Query.extend(FileOptions.shape),
  async ({ cursor, profile, bom, ...query }): Promise<FilePart> => {
    const isFirst = cursor === undefined;
    let part = new Part();
    const { nextCursor } = await pageOf("csv", query, cursor, (table, names) => {
      const columns = columnsOf(table, names, profile);
      if (isFirst) part = new Part(lineOf(columns.map(({ title }) => cell(title, profile))));
      return (row) => part.add(lineOf(columns.map((column) => column.cell(row))));
    });
    return { text: part.text({ bom: bom && isFirst }), ...(nextCursor ? { nextCursor } : {}) };
  },
);
