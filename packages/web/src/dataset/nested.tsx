import type { ReactNode } from "react";
import { formatCount, formatDateTime, formatNumber, humanise } from "../ui/format.ts";

const MOST_LISTED = 60;

/** Dates of ESI, with or without a time. */
const isDate = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

/** One line that says what a nested value holds: `12 entries`, `Power state Online`. */
export function nestedWords(value: object): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "None";
    const plain = value.every((each) => typeof each !== "object");
    if (plain) return value.map((each) => humanise(String(each))).join(", ");
    return formatCount(value.length, "entry", "entries");
  }
  return pairsOf(value)
    .map(
      ([title, key, each]) =>
        `${title} ${typeof each === "object" && each ? nestedWords(each) : plainWords(key, each)}`,
    )
    .join(", ");
}

/** Title, key and value of what an object holds; a name takes the place of the id that it belongs to. */
function pairsOf(value: object): [title: string, key: string, value: unknown][] {
  const all: Record<string, unknown> = { ...value };
  return Object.entries(all)
    .filter(([key]) => !(key.endsWith("_id_name") && key.slice(0, -"_name".length) in all))
    .map(([key, each]) => {
      const name = all[`${key}_name`];
      return name === undefined ? [humanise(key), key, each] : [humanise(key.replace(/_id$/, "")), `${key}_name`, name];
    });
}

/** An id is no figure: no separators. */
function plainWords(key: string, value: unknown): string {
  if (typeof value === "number") return /(^|_)id$/.test(key) ? String(value) : formatNumber(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = String(value ?? "–");
  if (key.endsWith("_name")) return text;
  return isDate(text) ? formatDateTime(text) : humanise(text);
}

/** A nested value in full: lists as lists, objects as names with values. */
export function Nested({ value }: { value: object }): ReactNode {
  if (!Array.isArray(value)) return <Pairs value={value} />;
  if (value.length === 0) return <span className="text-faint">None</span>;
  return (
    <ul className="flex flex-col gap-1.5">
      {value.slice(0, MOST_LISTED).map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries of a value have no id and never move
        <li key={at} className="rounded-md bg-raised/50 px-2 py-1">
          {typeof each === "object" && each !== null ? <Pairs value={each} /> : plainWords("", each)}
        </li>
      ))}
      {value.length > MOST_LISTED ? <li className="text-faint">and {value.length - MOST_LISTED} more</li> : null}
    </ul>
  );
}

function Pairs({ value }: { value: object }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {pairsOf(value).map(([title, key, each]) => (
        <span key={key}>
          <span className="text-faint">{title}</span>{" "}
          {typeof each === "object" && each !== null ? <Nested value={each} /> : plainWords(key, each)}
        </span>
      ))}
    </span>
  );
}
