/*
 * What players write may hold the game's markup. People read it as plain text; what is stored stays as ESI gave it.
 */

/** A literal of the game's own language, as old descriptions are given: `u'Caf\xe9'`. */
const literal = /^u(['"])([\s\S]*)\1$/;
const escaped = /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([\s\S]))/gi;
const controls: Record<string, string> = { n: "\n", r: "\n", t: " " };

const lineBreak = /<br\s*\/?>/gi;
/** Only what is written as a tag: `<3`, `a < b` and `<bob>` are text. */
const bareTag = /<\/?(?:b|i|u|s|center|left|right)\s*>/gi;
const openTag = /<(?:color|url|a|font|fontsize|size|loc|localized|hint|img)(?:\s*=|\s+[a-z]+\s*=)[^<>]*>/gi;
const closeTag = /<\/(?:color|url|a|font|fontsize|size|loc|localized|hint|img)\s*>|<loc\s*>/gi;

const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Characters that show nothing, or turn the direction of what follows them. */
const invisible = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Blanks besides those that `trim` knows: fillers of some scripts, joiners that join nothing. */
const fillers = new Set([0x115f, 0x1160, 0x180e, 0x200c, 0x200d, 0x2800, 0x3164, 0xffa0]);

/** Nearly all texts are plain already. */
const mayBeMarked = /[<&\u00a0\u00ad\u115f-\u1160\u180e\u2000-\u206f\u2800\u3000\u3164\ufeff\uffa0]|^\s|\s$|^u['"]/;

const pointOf = (code: number, otherwise: string): string =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;

const unquoted = (text: string): string => {
  const [, , inner] = literal.exec(text) ?? [];
  if (inner === undefined) return text;
  return inner.replace(escaped, (whole, four, eight, two, one) => {
    const code = four ?? eight ?? two;
    return code === undefined ? (controls[one] ?? one) : pointOf(Number.parseInt(code, 16), whole);
  });
};

const decoded = (text: string): string =>
  text.replace(entity, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    return pointOf(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10), whole);
  });

const isBlank = (text: string, at: number): boolean =>
  fillers.has(text.charCodeAt(at)) || text.charAt(at).trim() === "";

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}

/** A text as people read it: without tags, entities and outer blanks. */
export function plainText(text: string): string {
  if (!mayBeMarked.test(text)) return text;
  const untagged = unquoted(text)
    .replace(lineBreak, " ")
    .replace(bareTag, "")
    .replace(openTag, "")
    .replace(closeTag, "");
  return trimmed(decoded(untagged).replace(invisible, ""));
}

/** The very same where nothing in it differs. */
function plainObject(value: object): object {
  const before = Object.entries(value);
  const after = before.map(([key, each]) => [key, plainValue(each)] as const);
  if (after.every(([, each], index) => each === before[index]?.[1])) return value;
  return Array.isArray(value) ? after.map(([, each]) => each) : Object.fromEntries(after);
}

/** A value as people read it, with all texts within it; what is no text stays as it is. */
export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  return typeof value === "object" && value !== null ? plainObject(value) : value;
}

/** A row as people read it. */
export const plainRow = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plainValue(value)]));
