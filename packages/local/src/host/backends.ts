import { join } from "node:path";
import { guardDynamoDb } from "../dynamodb/guard.ts";
import { createTable, startDynamoDb } from "../dynamodb/index.ts";
import { KeyFileError, type Kms, startKms, WrongPassphraseError } from "../kms/index.ts";
import { type ClockOffset, setClockOffset } from "../runtime/simulated-clock.ts";
import type { Topology } from "../runtime/topology.ts";
import { startSqs } from "../sqs/index.ts";
import type { CloseStack } from "./close-stack.ts";
import { holdsData } from "./data-dir.mjs";
import { buildFunctions, type Functions } from "./functions.ts";
import { startNewEden } from "./new-eden-process.ts";
import { createQueues, type Queues } from "./queues.ts";
import { explainShortage, StartError } from "./start-error.mjs";
import { readWorldGuide, type WorldGuide } from "./world-guide.ts";

export interface BackendOptions {
  root: string;
  dataDir: string;
  topology: Topology;
  tableName: string;
  newEdenEntry: string;
  newEdenPort: number;
  withNewEden: boolean;
  passphrase: string | undefined;
  logFile: string | undefined;
  watch: boolean;
  clock: ClockOffset;
  /** The simulated time jumped. */
  onClock: () => void;
  /** The database ended by itself. */
  onCrash: (reason: string) => void;
  say: (line: string) => void;
}

export interface Backends {
  dynamodb: { url: string };
  sqs: { url: string; wake(): void };
  kms: { url: string; keyArn: string };
  newEden: { url: string; guide: WorldGuide } | undefined;
  functions: Functions;
  queues: Queues;
}

/** Starts at once what does not need each other. */
export async function startBackends(options: BackendOptions, stack: CloseStack): Promise<Backends> {
  const { dataDir, topology, tableName, say } = options;
  const keep = async <T extends { close(): Promise<unknown> }>(name: string, starting: Promise<T>): Promise<T> => {
    const started = await starting;
    stack.add(name, () => started.close());
    return started;
  };

  const dynamodb = async () => {
    const server = await keep("DynamoDB", openDynamoDb(dataDir, options.onCrash));
    const guard = await keep("DynamoDB's guard", guardDynamoDb(server.url));
    await createTable(guard.url, tableName);
    return guard;
  };
  const queueing = async () => {
    const dir = join(dataDir, "sqs");
    const onFailure = (error: unknown) => options.onCrash(sentenceOf(explainShortage(error, dir)));
    const sqs = await keep("SQS", startSqs({ dir, redeliver: true, onFailure }));
    const queues = await createQueues(sqs.url, topology.queues, say);
    return { sqs, queues };
  };
  // Before the database is made: where there is one, there were keys.
  const kms = await keep("KMS", openKms(dataDir, options.passphrase));
  const [database, { sqs, queues }, newEden, functions] = await all([
    dynamodb(),
    queueing(),
    options.withNewEden ? openNewEden(options, keep) : Promise.resolve(undefined),
    keep("functions", buildFunctions({ ...options, buildDir: join(dataDir, "build"), logDir: join(dataDir, "logs") })),
  ]);
  return { dynamodb: database, sqs, queues, kms, newEden, functions };
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What SQLite says of a file that is none of its own any more. */
const isDamaged = (error: unknown) => /not a (valid SQLite )?database|malformed|corrupt/i.test(String(error));

async function openDynamoDb(dataDir: string, onCrash: (reason: string) => void) {
  const dir = join(dataDir, "dynamodb");
  try {
    return await startDynamoDb({ dir, onCrash });
  } catch (error) {
    if (!isDamaged(error)) throw error;
    throw new StartError(
      `The database in ${dir} is damaged. Restore a backup: pnpm tapi restore FILE --data ${dataDir} --force`,
      { cause: error },
    );
  }
}

/** Keys that cannot be opened are for a person to mend. */
async function openKms(dataDir: string, passphrase: string | undefined): Promise<Kms> {
  try {
    return await startKms({ dir: join(dataDir, "kms"), passphrase, mustExist: holdsData(dataDir) });
  } catch (error) {
    if (error instanceof KeyFileError || error instanceof WrongPassphraseError) throw new StartError(error.message);
    throw error;
  }
}

async function openNewEden(
  options: BackendOptions,
  keep: <T extends { close(): Promise<unknown> }>(name: string, starting: Promise<T>) => Promise<T>,
) {
  const process = await keep(
    "New Eden",
    startNewEden({
      root: options.root,
      entry: options.newEdenEntry,
      port: options.newEdenPort,
      dataDir: join(options.dataDir, "new-eden"),
      logDir: join(options.dataDir, "logs"),
      onClock: (offsetMs) => {
        setClockOffset(options.clock, offsetMs);
        options.onClock();
      },
      onCatchUp: (day) => options.say(`New Eden lives through the time since its world began: it has come to ${day}`),
      onLost: options.say,
    }),
  );
  return { url: process.url, guide: await readWorldGuide(process.url) };
}

/** As Promise.all, but waits for everyone before it fails, so that whatever did start is on the stack to be closed. */
async function all<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(work as Promise<unknown>[]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
