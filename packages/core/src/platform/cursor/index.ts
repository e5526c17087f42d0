import { createHash } from "node:crypto";
import type * as z from "zod";
import { VisibleError } from "../error/index.ts";

/** Characters that a cursor has at most: it travels in an address. */
export const longest = 2_000;

const tagBytes = 12;

/*
 * A cursor is a place in a list, and a digest of the place together with what is listed: of whom, which conditions, which
 * order. It opens nothing that the asker may not read anyway, so the digest needs no key: it tells cursors of other lists
 * and changed ones apart, so that no page is answered from the wrong place (docs/adr/0020).
 */
const tagOf = (list: unknown, place: string): Buffer =>
  createHash("sha256").update(JSON.stringify(list)).update("\n").update(place).digest().subarray(0, tagBytes);

/** The cursor of a place in a list. `list` is JSON that says what is listed, the same for each of its pages. */
export function write(list: unknown, place: unknown): string {
  const text = JSON.stringify(place);
  return Buffer.concat([tagOf(list, text), Buffer.from(text)]).toString("base64url");
}

/** The place that a cursor of this list stands for. Throws a VisibleError with `code` for any other text. */
export function read<Schema extends z.ZodType>(
  list: unknown,
  cursor: string,
  { code, place: schema }: { code: string; place: Schema },
): z.output<Schema> {
  const bytes = Buffer.from(cursor, "base64url");
  const text = bytes.toString("utf8", tagBytes);
  const isOurs = bytes.toString("base64url") === cursor && tagOf(list, text).equals(bytes.subarray(0, tagBytes));
  const place = isOurs ? schema.safeParse(JSON.parse(text)) : undefined;
  if (place?.success) return place.data;
  throw new VisibleError("validation", code, "That cursor was not made by this list. Begin again without it.");
}
