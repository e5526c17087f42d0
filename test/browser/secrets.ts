import type { Visitor } from "./browser.ts";
import type { Piece } from "./dump.ts";
import type { Confidences } from "./new-eden.ts";

export interface Secret {
  kind: string;
  value: string;
}

/** The application's own, with which New Eden's one client is registered. */
const clientSecret: Secret = { kind: "client secret", value: "new-eden-secret" };

/** Everything that must stand nowhere at rest, whoever said it. */
export function secretsOf(visitor: Visitor, confidences: Confidences[]): Secret[] {
  const told = confidences.flatMap((each) =>
    Object.entries(each).flatMap(([kind, values]: [string, string[]]) => values.map((value) => ({ kind, value }))),
  );
  return [clientSecret, ...visitor.secrets, ...told];
}

/** This much of a secret, from either end, gives it away: logs like to cut what is long. */
const pieceLength = 20;

/** A JWT's header says nothing and is the same for all; of the rest, and of anything else, both ends. */
function tellingParts(value: string): string[] {
  const parts = /^ey[\w-]+\.ey[\w-]+\.[\w-]+$/.test(value) ? value.split(".").slice(1) : [value];
  return parts.flatMap((part) =>
    part.length <= pieceLength ? [part] : [part.slice(0, pieceLength), part.slice(-pieceLength)],
  );
}

/** Base64 of a longer text shows one of three faces of each part of it. */
const base64Faces = (text: string): string[] =>
  [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString("base64");
    // The first and last characters also depend on the neighbours.
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + text.length) * 8) / 6));
  });

const forms = (text: string): string[] => [
  ...new Set([text, encodeURIComponent(text), Buffer.from(text).toString("hex"), ...base64Faces(text)]),
];

/** Where secrets stand, plain or encoded, whole or in part. */
export function findSecrets(secrets: Secret[], pieces: Piece[]): string[] {
  const needles = new Map<string, string>();
  for (const { kind, value } of secrets) {
    for (const part of tellingParts(value)) for (const form of forms(part)) needles.set(form, kind);
  }
  const found = new Set<string>();
  for (const { place, bytes } of pieces) {
    for (const [needle, kind] of needles) if (bytes.includes(needle)) found.add(`${kind} in ${place}`);
  }
  return [...found];
}
