import { z } from "zod";
import type { Operation } from "../wire/json-service.ts";
import { ServiceError } from "../wire/service-error.ts";
import { batchError, invalidParameter, missingParameter } from "./errors.ts";

export const QueueInput = z.object({ QueueUrl: z.string().min(1) });

/** Most entries that SQS takes in a batch. */
const maxEntries = 10;

const refusal = (error: z.ZodError): ServiceError => {
  const [issue] = error.issues;
  const name = issue?.path.join(".") ?? "";
  const missing = issue?.code === "invalid_type" && issue.input === undefined;
  return missing
    ? missingParameter(name)
    : invalidParameter(`Value for parameter ${name} is invalid. Reason: ${issue?.message}`);
};

/** An operation whose input is checked first. */
export const operation =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (input: z.output<Schema>, signal: AbortSignal) => unknown,
  ): Operation =>
  (input, signal) => {
    const parsed = schema.safeParse(input, { reportInput: true });
    if (!parsed.success) throw refusal(parsed.error);
    return run(parsed.data, signal);
  };

interface Entry {
  Id: string;
}

function checkBatch(entries: Entry[]): void {
  if (entries.length === 0) throw batchError("EmptyBatchRequest", "The batch request contains no entries.");
  if (entries.length > maxEntries) {
    throw batchError("TooManyEntriesInBatchRequest", `Maximum number of entries per request are ${maxEntries}.`);
  }
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id))) {
    throw batchError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw batchError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.");
  }
}

/** Runs each entry; one that fails is reported in its place and touches no other. */
export async function runBatch<E extends Entry, R extends object>(entries: E[], run: (entry: E) => Promise<R>) {
  checkBatch(entries);
  const settled = await Promise.allSettled(entries.map(async (entry) => run(entry)));
  const Successful: (R & Entry)[] = [];
  const Failed: { Id: string; SenderFault: boolean; Code: string; Message: string }[] = [];
  for (const [index, outcome] of settled.entries()) {
    const Id = entries[index]?.Id ?? "";
    if (outcome.status === "fulfilled") Successful.push({ Id, ...outcome.value });
    else if (outcome.reason instanceof ServiceError) {
      const { queryCode, type, message, status } = outcome.reason;
      Failed.push({ Id, SenderFault: status < 500, Code: queryCode ?? type, Message: message });
    } else throw outcome.reason;
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}
