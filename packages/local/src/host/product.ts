import {
  appName,
  consumerOf,
  deadLetterQueueName,
  functions,
  httpFunction,
  httpPaths,
  type QueueName,
  queueName,
  queues,
  schedules,
  socketFunction,
  socketRoutes,
  visibilityTimeoutSeconds,
} from "@tapi/functions/topology";
import type { Topology } from "../runtime/topology.ts";

const stage = "local";

export const tableName = `${appName}-${stage}`;

/** Everything before a queue's own name in its physical name. */
export const queuePrefix = `${appName}-${stage}-`;

/** The product as the cloud stacks declare it. */
export const productTopology: Topology = {
  functions,
  queues: (Object.keys(queues) as QueueName[]).map((queue) => ({
    name: queueName(stage, queue),
    deadLetterName: deadLetterQueueName(stage, queue),
    function: consumerOf(queue),
    batchSize: queues[queue].batchSize,
    windowSeconds: queues[queue].windowSeconds,
    maxConcurrency: queues[queue].maxConcurrency,
    visibilityTimeoutSeconds: visibilityTimeoutSeconds(queues[queue]),
    maxReceiveCount: queues[queue].maxReceiveCount,
    isAwaited: queue === "realtime",
  })),
  schedules,
  http: { paths: httpPaths, function: httpFunction },
  socket: { routes: socketRoutes, function: socketFunction },
};
