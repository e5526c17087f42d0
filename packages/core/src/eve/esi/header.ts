import type { AnswerHeaders } from "./wire.ts";

/** A header that counts something, as a number; undefined where it is missing or says anything else. */
export function countOf(headers: AnswerHeaders, name: string): number | undefined {
  // Sent twice it arrives as "3, 3".
  const [value = "", ...others] = new Set((headers.get(name) ?? "").split(",").map((each) => each.trim()));
  return others.length === 0 && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The same content, byte for byte or not: a proxy that compresses an answer makes its tag a weak one. */
export const isSameTag = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.replace(/^W\//, "") === other?.replace(/^W\//, "");
