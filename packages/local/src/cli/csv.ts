import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as Rows from "@tapi/core/engine/rows";
import { corporation } from "@tapi/core/owner";
import "@tapi/core/owners";
import * as Actor from "@tapi/core/platform/actor";
import { connect } from "./connect.ts";
import { commonOptions, parse } from "./parse.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi csv <corporation id> <dataset> [options]

All rows of a dataset as one CSV file, under the columns' keys, value for value as they are stored.

  --out FILE        write to this file (standard output)
  --filter C=V      only rows whose column C has the value V; several times for several values
  --search TEXT     only rows in which a text holds this
  --sort C          by this column, descending with a leading -
  --from, --to T    of these days or moments
  --at T            as it was at this moment
  --people          headings and guarded texts for a spreadsheet
  --data DIR        the local host's data folder (.tapi)
  --stage NAME      a stage in AWS instead, with the credentials and the region of the environment

Exit code: 0 done, 1 failed, 2 asked wrongly.`;

const read = (args: string[]) =>
  parse(
    {
      args,
      allowPositionals: true,
      options: {
        ...commonOptions,
        out: { type: "string" },
        filter: { type: "string", multiple: true, default: [] },
        search: { type: "string" },
        sort: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        at: { type: "string" },
        people: { type: "boolean", default: false },
      },
    },
    usage,
  );

function filtersOf(given: readonly string[]): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  for (const each of given) {
    const at = each.indexOf("=");
    if (at < 1) throw new UsageError(`--filter takes COLUMN=VALUE, not "${each}".\n\n${usage}`);
    const column = each.slice(0, at);
    filters[column] = [...(filters[column] ?? []), each.slice(at + 1)];
  }
  return filters;
}

/** The parts of the file, one after the other: no more than one is in memory. */
async function* partsOf(query: Omit<Parameters<typeof Rows.csv>[0], "cursor">): AsyncGenerator<string> {
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const part = await Rows.csv({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    yield part.text;
    cursor = part.nextCursor;
  }
}

/** `pnpm tapi csv`: a whole dataset, however many parts it comes in. */
export async function run(args: string[], { say, user }: Terminal): Promise<number> {
  const { values, positionals } = read(args);
  const { out, filter, people, data, stage, help, ...conditions } = values;
  if (help) {
    say(usage);
    return 0;
  }
  const [id = "", dataset, ...rest] = positionals;
  if (!/^\d{1,15}$/.test(id) || !dataset || rest.length > 0) throw new UsageError(usage);
  const query = {
    ...conditions,
    owner: corporation(Number(id)),
    dataset,
    filters: filtersOf(filter),
    profile: people ? ("people" as const) : ("raw" as const),
  };
  await connect({ data, stage });
  await Actor.provide({ type: "system", name: `${user} (command line)` }, async () => {
    const parts = Readable.from(partsOf(query));
    if (out === undefined) await pipeline(parts, process.stdout, { end: false });
    else await pipeline(parts, createWriteStream(out));
  });
  return 0;
}
