import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FilePart } from "@tapi/core/platform/csv";
import { longest } from "@tapi/core/platform/cursor";
import type { Context } from "hono";
import * as z from "zod";
import { codingFor, wantsProfile } from "../negotiate.ts";

const compress = promisify(gzip);

/** What every route of a CSV file takes beside its conditions. */
export const fileQuery = {
  cursor: z.string().max(longest).optional(),
  /** A leading byte order mark, by which spreadsheets know UTF-8. */
  bom: z
    .enum(["true", "false"])
    .default("false")
    .transform((bom) => bom === "true"),
};

/** How a route of a CSV file is described. */
export const csvAnswer = {
  media: "text/csv",
  headers: { "Next-Cursor": "The `cursor` of the file's next part; absent in the last one." },
  description:
    "At most 4 MB are answered at a time. What has a `Next-Cursor` header goes on: ask again with it as `cursor` and put the parts one after the other. Texts that a spreadsheet would run as a formula begin with an apostrophe, and headings are for people. `Accept: text/csv; profile=raw` gives every value as it is, under the columns' keys.",
};

/** By a header alone: a link cannot make a person's spreadsheet open a file that is meant for machines. */
export const profileOf = (c: Context): { profile: "people" | "raw" } => ({
  profile: wantsProfile(c.req.header("accept"), "text/csv", "raw") ? "raw" : "people",
});

/** Answers a part of a file that browsers save under this name. */
export async function csvPart(c: Context, { text, nextCursor }: FilePart, name: string): Promise<Response> {
  const coding = codingFor(c.req.header("accept-encoding"), ["gzip"]);
  const { profile } = profileOf(c);
  c.header("Content-Type", `text/csv; charset=utf-8${profile === "raw" ? "; profile=raw" : ""}`);
  c.header("Content-Disposition", `attachment; filename="${name}.csv"`);
  c.header("Vary", "Accept, Accept-Encoding");
  if (nextCursor) c.header("Next-Cursor", nextCursor);
  if (!coding) return c.body(text);
  c.header("Content-Encoding", coding);
  return c.body(Uint8Array.from(await compress(text)));
}
