import * as StaticData from "../../eve/static-data/index.ts";
import type { Owner } from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address } from "../collection/index.ts";
import { type ColumnKind, shapeOf } from "../dataset/index.ts";
import { kindOf } from "../kind/index.ts";

/** What ids are called, as far as an owner's own data and the static data know. */
export interface Names {
  /** Changes whenever a name may have changed. */
  version: string;
  of: (kind: ColumnKind, id: number) => string | undefined;
}

/** Kinds whose values are ids that have a name. */
export const namedKinds: readonly ColumnKind[] = [
  "type",
  "character",
  "party",
  "location",
  "system",
  "division",
  "hangar",
];

/** Names for the ids of these kinds, from the owner's own datasets and the static data. */
export async function namesOf(owner: Owner, kinds: Iterable<ColumnKind>): Promise<Names> {
  const { datasets, names } = kindOf(owner);
  const wanted = new Set(kinds);
  const sources = names.filter((source) => source.kinds.some((kind) => wanted.has(kind)));
  const read = async (name: string) => {
    const dataset = datasets.get(name);
    return [name, await Snapshot.read(address(owner, dataset), shapeOf(dataset))] as const;
  };
  const views = new Map(await Promise.all([...new Set(sources.flatMap((source) => source.datasets))].map(read)));
  const opened = sources.map((source) => ({
    ...source,
    views: source.datasets.map((name) => views.get(name) as Snapshot.View),
  }));
  const byKind = new Map([...wanted].map((kind) => [kind, opened.filter((source) => source.kinds.includes(kind))]));
  const named = (kind: ColumnKind, id: number): string | undefined => {
    for (const { nameOf, views } of byKind.get(kind) ?? []) {
      const name = nameOf(views, kind, id);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  const of = (kind: ColumnKind, id: number): string | undefined => {
    if (kind === "type") return StaticData.typeName(id);
    return kind === "system" ? StaticData.system(id)?.name : named(kind, id);
  };
  return { version: [...views.values()].map((each) => each.version).join("."), of };
}

/** Ids inside nested values are known by their keys alone: no column says of what kind they are. */
const nestedKinds: readonly [RegExp, ColumnKind][] = [
  [/(^|_)type_id$/, "type"],
  [/(^|_)system_id$/, "system"],
  [/(^|_)(character|corporation|alliance|faction)_id$/, "party"],
];

export const nestedKind = (key: string): ColumnKind | undefined => nestedKinds.find(([ends]) => ends.test(key))?.[1];

function nestedName(key: string, value: unknown, names: Names): string | undefined {
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
    const name = "name" in value ? undefined : nestedName(key, each, names);
    if (name !== undefined) named[`${key}_name`] = name;
  }
  return named;
}
