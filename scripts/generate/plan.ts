/** What a generator writes, relative to the root of the repository, and what it leaves to be filled in. */
export interface Plan {
  created: Record<string, string>;
  /** Files that are there already, with their new content. */
  changed: Record<string, string>;
  todo: string[];
  /** The command that runs the generated test. */
  test: string;
}

/** Where a generator works: the repository, or a copy of it in a test. */
export interface Place {
  read: (path: string) => string;
  exists: (path: string) => boolean;
  list: (folder: string) => string[];
}

/** Asked for something that cannot be made; the message says what could. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function requireName(what: string, name: string | undefined, example: string): string {
  if (name !== undefined && kebab.test(name)) return name;
  const given = name === undefined ? "is missing" : `cannot be "${name}"`;
  throw new RefusedError(`The ${what}'s name ${given}. Write it in small letters with hyphens, e.g. ${example}.`);
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** @example camelOf("fuel-reports") // "fuelReports" */
export const camelOf = (name: string): string =>
  name
    .split("-")
    .map((word, index) => (index === 0 ? word : capital(word)))
    .join("");

export const pascalOf = (name: string): string => capital(camelOf(name));

/** @example titleOf("fuel_expires_at") // "Fuel expires at" */
export const titleOf = (name: string): string => capital(name.replaceAll(/[-_]/g, " "));

/** Puts a text in front of the first place where `before` stands; a file that no longer has it is a bug of ours. */
export function insertBefore(text: string, before: string, added: string): string {
  const at = text.indexOf(before);
  if (at < 0) throw new Error(`a file that was to be extended no longer holds ${before}`);
  return text.slice(0, at) + added + text.slice(at);
}
