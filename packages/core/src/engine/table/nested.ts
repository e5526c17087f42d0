import type { ColumnKind } from "../dataset/index.ts";
import type { Names } from "./names.ts";

/** Ids inside nested values are known by their keys alone: no column says of what kind they are. */
const kinds: readonly [RegExp, ColumnKind][] = [
  [/(^|_)type_id$/, "type"],
  [/(^|_)system_id$/, "system"],
  [/(^|_)(character|corporation|alliance|faction)_id$/, "party"],
];

export const nestedKind = (key: string): ColumnKind | undefined => kinds.find(([ends]) => ends.test(key))?.[1];

function nameOf(key: string, value: unknown, names: Names): string | undefined {
  if (typeof value !== "number") return undefined;
  const kind = nestedKind(key);
  return kind && names.of(kind, value);
}

/** A nested value with `<key>_name` beside the ids of types and systems in it, unless the thing bears a name already. */
export function withNestedNames(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => withNestedNames(each, names));
  if (typeof value !== "object" || value === null) return value;
  const named: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    named[key] = withNestedNames(each, names);
    const name = "name" in value ? undefined : nameOf(key, each, names);
    if (name !== undefined) named[`${key}_name`] = name;
  }
  return named;
}
