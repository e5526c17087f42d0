import type { Grant } from "../sso/grants.ts";
import type { Corporation } from "../world/corporation.ts";
import type { Life } from "../world/life/life.ts";
import type { World } from "../world/world.ts";

/** One call as an endpoint sees it: checked, its parameters read. */
export interface Call {
  world: World;
  nowMs: number;
  /** Path parameters that are numbers; text ones are in `text`. */
  ids: Record<string, number>;
  text: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  caller: Grant | undefined;
}

/** A call on a route of a player corporation that exists. */
export interface CorporationCall extends Call {
  corporation: Corporation;
}

/** A call on a route of a character: what only their own token shows. */
export interface CharacterCall extends Call {
  life: Life;
}

export type Row = object | number;

/**
 * How a route's answer is made. `make` gives the value of the moment: it becomes the snapshot that everyone sees until
 * it expires. The same array, not only an equal one, says that nothing changed. Undefined is a 404. `guard` refuses a
 * caller whom scope and role do not tell apart.
 */
export type Endpoint =
  | { kind: "whole"; make: (call: Call) => unknown; guard?: (call: Call) => void }
  | { kind: "pages"; make: (call: Call) => readonly Row[] | undefined; pageSize: number }
  /** Newest first; `from_id` continues with the rows up to and including that id. */
  | { kind: "walk"; make: (call: Call) => readonly object[] | undefined; idField: string; pageSize: number }
  | { kind: "cursor"; make: (call: Call) => readonly CursorRecord[] | undefined; listField: string }
  | { kind: "post"; make: (call: Call) => unknown };

/** A record in the order of its last change. */
export interface CursorRecord {
  modifiedMs: number;
  id: string;
  row: object;
}

export type Family = Record<string, Endpoint>;

/** Page size of most paged routes, assets among them. */
const usualPageSize = 1000;

function ofCorporation<Value>(make: (call: CorporationCall) => Value) {
  return (call: Call): Value | undefined => {
    const corporation = call.world.corporations.get(call.ids.corporation_id ?? 0);
    return corporation && make({ ...call, corporation });
  };
}

export const whole = (make: (call: Call) => unknown, guard?: (call: Call) => void): Endpoint => ({
  kind: "whole",
  make,
  ...(guard ? { guard } : {}),
});

export const corporationWhole = (make: (call: CorporationCall) => unknown, guard?: (call: Call) => void): Endpoint =>
  whole(ofCorporation(make), guard);

export const corporationPages = (
  make: (call: CorporationCall) => readonly Row[] | undefined,
  pageSize = usualPageSize,
): Endpoint => ({ kind: "pages", make: ofCorporation(make), pageSize });

export const corporationWalk = (
  make: (call: CorporationCall) => readonly object[] | undefined,
  idField: string,
  pageSize: number,
): Endpoint => ({ kind: "walk", make: ofCorporation(make), idField, pageSize });

export const corporationCursor = (
  make: (call: CorporationCall) => readonly CursorRecord[] | undefined,
  listField: string,
): Endpoint => ({ kind: "cursor", make: ofCorporation(make), listField });

function ofCharacter<Value>(make: (call: CharacterCall) => Value) {
  return (call: Call): Value | undefined => {
    const life = call.world.lives.at(call.ids.character_id ?? 0, call.nowMs);
    return life && make({ ...call, life });
  };
}

export const characterWhole = (make: (call: CharacterCall) => unknown): Endpoint => whole(ofCharacter(make));

export const characterPages = (
  make: (call: CharacterCall) => readonly Row[] | undefined,
  pageSize = usualPageSize,
): Endpoint => ({ kind: "pages", make: ofCharacter(make), pageSize });

export const characterWalk = (
  make: (call: CharacterCall) => readonly object[] | undefined,
  idField: string,
  pageSize: number,
): Endpoint => ({ kind: "walk", make: ofCharacter(make), idField, pageSize });

export const characterPost = (make: (call: CharacterCall) => unknown): Endpoint => post(ofCharacter(make));

export const post = (make: (call: Call) => unknown): Endpoint => ({ kind: "post", make });

/** Remembers what was derived from a list, so that an unchanged list gives the very same rows again. */
export function derived<From extends object, To>(derive: (list: readonly From[]) => readonly To[]) {
  const known = new WeakMap<readonly From[], readonly To[]>();
  return (list: readonly From[]): readonly To[] => {
    let rows = known.get(list);
    if (!rows) {
      rows = derive(list);
      known.set(list, rows);
    }
    return rows;
  };
}
