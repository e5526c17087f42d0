import type { ReactNode } from "react";

export interface TableColumn<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the end, so that their digits line up. */
  align?: "start" | "end";
  /** Least width in pixels; spare width is shared out by `grow`. */
  width: number;
  grow?: number;
  sortable?: boolean;
  /** The first click on a figure or a date asks for the largest or the latest. */
  descendingFirst?: boolean;
  /** Left out until somebody chooses it. */
  hidden?: boolean;
  /** On a phone: `title` heads the card, `figure` stands at its right, `none` is left out, the rest forms its second line. */
  card?: "title" | "figure" | "line" | "none";
}

export interface TableSort {
  key: string;
  descending: boolean;
}

export function parseSort(text: string | undefined): TableSort | undefined {
  if (!text) return undefined;
  return text.startsWith("-") ? { key: text.slice(1), descending: true } : { key: text, descending: false };
}

export function printSort(sort: TableSort | undefined): string | undefined {
  return sort && `${sort.descending ? "-" : ""}${sort.key}`;
}
