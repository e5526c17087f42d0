import type { Mutant } from "./mutators.ts";

/** A change that no test can notice, with the reason. Found by what the line holds, so that it survives a move within the file. */
interface Equivalent extends Pick<Mutant, "mutator"> {
  file: string | RegExp;
  /** Part of the line on which the change is made. */
  on: string;
  why: string;
}

const core = "packages/core/src/";

export const equivalents: readonly Equivalent[] = [
  {
    file: /\.entity\.ts$/,
    mutator: "bool",
    on: "required: true",
    why: "that an attribute is required is held by the types of whoever writes it; ElectroDB checks it once more",
  },
  {
    file: `${core}platform/config/secret.ts`,
    mutator: "drop-guard",
    on: "if (!EVE_CLIENT_SECRET_PARAMETER) throw",
    why: "the configuration is refused before if neither the secret nor its parameter is named; this tells the type",
  },
  {
    file: `${core}eve/esi/budget.ts`,
    mutator: "drop-??",
    on: "(entry.blockedUntil ?? 0) > now",
    why: "undefined is later than nothing, as 0 is",
  },
  {
    file: `${core}eve/esi/page-set.ts`,
    mutator: "drop-??",
    on: "current.findLast((answer) => answer.pages)?.pages ?? reading.total",
    why: "the first answer is among those that are current, or the newer one that took its place; both tell their pages",
  },
  ...[
    ["engine/upkeep/compact.ts", "Agenda.readAll"],
    ["owners/corporation/check.ts", "Agenda.readAll"],
  ].map(([file, first]) => ({
    file: `${core}${file}`,
    mutator: "drop-guard-call",
    on: "Actor.assertSystem();",
    why: `${first}, with which it begins, refuses the same actors before anything is read`,
  })),
  {
    file: `${core}engine/history/feed.ts`,
    mutator: "drop-call",
    on: "batches.return(undefined)",
    why: "a generator that is not ended holds nothing but memory, which goes with it",
  },
  {
    file: `${core}snapshot/table.ts`,
    mutator: "drop-guard",
    on: "only && tables.length === 1",
    why: "one table joined with none is the same table: this way costs less",
  },
  {
    file: `${core}snapshot/delta.ts`,
    mutator: "and-or",
    on: 'typeof a !== "object" || typeof b !== "object"',
    why: "the JSON of an object and that of anything else differ as well",
  },
  {
    file: `${core}snapshot/columns.ts`,
    mutator: "drop-guard",
    on: "only && parts.length === 1",
    why: "the columns of one blob joined with none are the same: this way costs less",
  },
  {
    file: `${core}snapshot/fast/scan.ts`,
    mutator: "if-always",
    on: "if (field.optional)",
    why: "each row writes its value of a column that is not optional, whatever stood there",
  },
  {
    file: `${core}snapshot/fast/scan.ts`,
    mutator: "if-always",
    on: "if (optional)",
    why: "each row writes its value of a column that is not optional, whatever stood there",
  },
  {
    file: `${core}engine/freshness/freshness.ts`,
    mutator: "boundary",
    on: "sentAt > (state?.errorAt ?? 0)",
    why: "nothing is sent in the millisecond in which a worker fails: it is asked for after that",
  },
  {
    file: `${core}engine/refresh/attempt.ts`,
    mutator: "boundary",
    on: "(failure.retryAt ?? 0) < (exhausted.retryAt ?? 0)",
    why: "of two failures that end at the same moment either says the same",
  },
  {
    file: `${core}identity/token/refresh.ts`,
    mutator: "off-by-one",
    on: "Math.random() * (pauseMs / 2)",
    why: "how long a pause of chance is: nothing depends on it",
  },
  {
    file: "packages/functions/src/queue/consume.ts",
    mutator: "drop-guard",
    on: "if (!longest) throw",
    why: "a queue without a name is refused by the next line as well, and both are one and the same warning",
  },
  {
    file: "packages/local/src/sqs/due-heap.ts",
    mutator: "and-or",
    on: "first === undefined || last === undefined",
    why: "an empty heap has neither a first nor a last",
  },
  {
    file: "packages/local/src/sqs/receive-operations.ts",
    mutator: "if-always",
    on: "if (taken.length > 0)",
    why: "to receive no messages changes none",
  },
];

export const whyEquivalent = ({ file, mutator, source }: Mutant): string | undefined =>
  equivalents.find(
    (each) =>
      each.mutator === mutator &&
      source.includes(each.on) &&
      (typeof each.file === "string" ? each.file === file : each.file.test(file)),
  )?.why;
