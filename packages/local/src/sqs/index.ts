import { join } from "node:path";
import { serveJson } from "../wire/json-service.ts";
import { Broker } from "./broker.ts";
import { MoveTasks, moveTaskOperations } from "./move-tasks.ts";
import { queueOperations } from "./queue-operations.ts";
import { receiveOperations } from "./receive-operations.ts";
import { sendOperations } from "./send-operations.ts";
import { settleOperations } from "./settle-operations.ts";

export interface SqsOptions {
  /** Where the journal is kept; absent, queues live in memory only. */
  dir?: string;
  /** Absent, a free one. */
  port?: number;
  region?: string;
  /** What was in flight when the last run ended is visible at once: for a host whose consumers ended with it. */
  redeliver?: boolean;
  /** The journal could not be written, as on a full disk: from then on every change is refused, until the next start. */
  onFailure?: (error: unknown) => void;
}

export interface Sqs {
  url: string;
  /** To be called when simulated time has jumped: what `Date.now()` now makes due is delivered at once. */
  wake(): void;
  close(): Promise<void>;
}

/**
 * An SQS of this machine's own, over the JSON protocol that AWS's SDKs speak. With a folder, whatever it has
 * acknowledged outlives `kill -9`.
 */
export async function startSqs(options: SqsOptions = {}): Promise<Sqs> {
  const broker = new Broker(options.region ?? "us-east-1");
  await broker.open(
    options.dir === undefined ? undefined : join(options.dir, "sqs.journal"),
    options.redeliver ?? false,
    options.onFailure,
  );
  const tasks = new MoveTasks(broker);
  let url = "";
  const server = await serveJson({
    port: options.port ?? 0,
    target: "AmazonSQS",
    errorNamespace: "com.amazonaws.sqs",
    contentType: "application/x-amz-json-1.0",
    operations: {
      ...queueOperations(broker, (name) => url + broker.path(name)),
      ...sendOperations(broker),
      ...receiveOperations(broker),
      ...settleOperations(broker),
      ...moveTaskOperations(tasks),
    },
  });
  url = server.url;
  tasks.resume();
  return {
    url,
    wake: () => broker.wake(),
    close: async () => {
      await server.close();
      await tasks.close();
      await broker.close();
    },
  };
}
