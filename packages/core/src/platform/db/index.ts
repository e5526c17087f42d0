import { AsyncLocalStorage } from "node:async_hooks";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { get } from "../config/index.ts";

/** Capacity that a piece of work consumed, in DynamoDB's own units, as the service reported it. */
export interface Consumed {
  readUnits: number;
  writeUnits: number;
  requests: number;
}

const meter = new AsyncLocalStorage<Consumed>();

interface Capacity {
  CapacityUnits?: number;
}

const capacityOf = (output: object): number => {
  const reported = (output as { ConsumedCapacity?: Capacity | Capacity[] }).ConsumedCapacity;
  if (!reported) return 0;
  return [reported].flat().reduce((sum, entry) => sum + (entry.CapacityUnits ?? 0), 0);
};

const writes = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

const answers = new Set(["ConditionalCheckFailedException", "TransactionCanceledException"]);

let cached: { client: DynamoDBDocumentClient; endpoint: string | undefined } | undefined;

/**
 * The document client of this process. Each answer's consumed capacity is added to the meter of the caller, if there is
 * one: freshness records what a refresh cost, and the benchmark reads the same figures.
 */
export function client(): DynamoDBDocumentClient {
  const endpoint = get().DYNAMODB_ENDPOINT;
  if (cached && cached.endpoint === endpoint) return cached.client;
  const base = new DynamoDBClient({ ...(endpoint ? { endpoint } : {}), maxAttempts: 5 });
  // It copies every request and answer for a logger that is not there: a third of what a call costs here.
  base.middlewareStack.remove("loggerMiddleware");
  base.middlewareStack.add(
    (next, context) => async (args) => {
      const consumed = meter.getStore();
      if (!consumed) return next(args);
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } });
      const units = capacityOf(result.output as object);
      consumed.requests += 1;
      if (writes.test(context.commandName ?? "")) consumed.writeUnits += units;
      else consumed.readUnits += units;
      return result;
    },
    { step: "initialize", name: "consumedCapacity" },
  );
  // A condition that did not hold is an answer. While this machine's clock differs from the server's by minutes, the SDK
  // takes every refusal for one of the signature and tries it again, up to five times.
  base.middlewareStack.addRelativeTo(
    <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
      (args: Args) =>
        next(args).catch((error: { name?: string; $metadata?: { clockSkewCorrected?: boolean } }) => {
          if (error.$metadata && answers.has(error.name ?? "")) error.$metadata.clockSkewCorrected = false;
          throw error;
        }),
    { relation: "after", toMiddleware: "retryMiddleware", name: "answersAreFinal" },
  );
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } });
  cached = { client, endpoint };
  return client;
}

/** Runs `body` and tells what it consumed. Meters nest: the inner one counts for itself alone. */
export async function metered<T>(body: () => Promise<T>): Promise<{ result: T; consumed: Consumed }> {
  const consumed: Consumed = { readUnits: 0, writeUnits: 0, requests: 0 };
  const result = await meter.run(consumed, body);
  return { result, consumed };
}

/**
 * Every item that a query finds, as it is stored. For reads of thousands of small items, of which ElectroDB would check and
 * copy each: its `params()` say what to ask, so that keys are never built by hand.
 */
export async function readStored(params: object): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const command = new QueryCommand({ ...(params as QueryCommandInput), ExclusiveStartKey: start });
    const { Items = [], LastEvaluatedKey } = await client().send(command);
    for (const item of Items) items.push(item);
    start = LastEvaluatedKey;
  } while (start);
  return items;
}

export const table = (): string => get().TABLE_NAME;

/** The service name that ElectroDB writes in front of each key. */
export const service = "tapi";

/** What every ElectroDB entity is built with. */
export const options = () => ({ client: client(), table: table() });

/**
 * An entity that is built at its first use: importing a module reads no environment and opens no connection.
 * `const sessions = Db.lazy(() => new Entity(schema, Db.options()))`, then `sessions().get(...)`.
 */
export function lazy<T>(build: () => T): () => T {
  let built: T | undefined;
  return () => {
    built ??= build();
    return built;
  };
}

/** Moment in epoch seconds for the table's TTL attribute. */
export const ttlAt = (epochMs: number): number => Math.ceil(epochMs / 1000);
