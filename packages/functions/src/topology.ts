import { type BatchClass, type QueueName, queues } from "@tapi/core/platform/topology";

export * from "@tapi/core/platform/topology";

/** What a function may touch; `infra/` turns each into the narrowest IAM statement, nothing else is granted. */
export type Grant =
  | "table.read"
  | "table.write"
  | "kms.tokens"
  | "queues.send"
  | "queues.inspect"
  | "dead_letters.handle"
  | "sockets.manage"
  | "alarms.publish"
  | "secret.eve";

export interface FunctionDeclaration {
  /** Path from the repository's root and the exported name, as Lambda writes it. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  grants: Grant[];
  /** Files of the repository that lie at the root of the function's package. */
  files?: string[];
}

/** For every function whose bundle holds the module that reads them; a test of infra/ says which. */
const staticData = ["packages/core/src/eve/static-data/generated/static-data.json.gz"];
const refreshGrants: Grant[] = ["table.read", "table.write", "kms.tokens", "queues.send", "secret.eve"];

export const functions = {
  api: {
    handler: "packages/functions/src/api/index.handler",
    timeoutSeconds: 29,
    memoryMb: 1769,
    grants: [
      "table.read",
      "table.write",
      "kms.tokens",
      "queues.send",
      "queues.inspect",
      "dead_letters.handle",
      "secret.eve",
    ],
    files: staticData,
  },
  socket: {
    handler: "packages/functions/src/socket/index.handler",
    timeoutSeconds: 29,
    memoryMb: 512,
    grants: ["table.read", "table.write", "sockets.manage"],
  },
  "refresh-small": {
    handler: "packages/functions/src/queue/refresh.handler",
    timeoutSeconds: queues.public.timeoutSeconds,
    memoryMb: queues.public.memoryMb,
    grants: refreshGrants,
    files: staticData,
  },
  "refresh-medium": {
    handler: "packages/functions/src/queue/refresh.handler",
    timeoutSeconds: queues.orders.timeoutSeconds,
    memoryMb: queues.orders.memoryMb,
    grants: refreshGrants,
    files: staticData,
  },
  "refresh-large": {
    handler: "packages/functions/src/queue/refresh.handler",
    timeoutSeconds: queues.assets.timeoutSeconds,
    memoryMb: queues.assets.memoryMb,
    grants: refreshGrants,
    files: staticData,
  },
  realtime: {
    handler: "packages/functions/src/queue/realtime.handler",
    timeoutSeconds: queues.realtime.timeoutSeconds,
    memoryMb: queues.realtime.memoryMb,
    grants: ["table.read", "table.write", "sockets.manage"],
  },
  scheduler: {
    handler: "packages/functions/src/cron/scheduler.handler",
    timeoutSeconds: 55,
    memoryMb: 1024,
    grants: ["table.read", "table.write", "queues.send", "queues.inspect"],
    files: staticData,
  },
  "token-keeper": {
    handler: "packages/functions/src/cron/token-keeper.handler",
    timeoutSeconds: 300,
    memoryMb: 512,
    grants: ["table.read", "table.write", "kms.tokens", "queues.send", "secret.eve", "alarms.publish"],
    files: staticData,
  },
  cleanup: {
    handler: "packages/functions/src/cron/cleanup.handler",
    timeoutSeconds: 300,
    memoryMb: 1024,
    grants: ["table.read", "table.write", "queues.send", "alarms.publish"],
    files: staticData,
  },
} as const satisfies Record<string, FunctionDeclaration>;

export type FunctionName = keyof typeof functions;

const refreshConsumer: Record<BatchClass, FunctionName> = {
  small: "refresh-small",
  medium: "refresh-medium",
  large: "refresh-large",
};

/** The function that consumes a queue. */
export const consumerOf = (queue: QueueName): FunctionName =>
  queue === "realtime" ? "realtime" : refreshConsumer[queues[queue].batchClass];

/** EventBridge schedules. */
export const schedules: Record<string, { expression: string; function: FunctionName }> = {
  scheduler: { expression: "rate(1 minute)", function: "scheduler" },
  "token-keeper": { expression: "rate(1 hour)", function: "token-keeper" },
  cleanup: { expression: "cron(30 4 * * ? *)", function: "cleanup" },
};

/** Paths that the HTTP API serves; everything else is the web app. */
export const httpPaths = ["/api/*", "/livez", "/readyz", "/health"] as const;
export const httpFunction: FunctionName = "api";

/** The WebSocket API's stage, which is the path of its address. */
export const socketStage = "live";
export const socketRoutes = ["$connect", "$disconnect", "$default"] as const;
export const socketFunction: FunctionName = "socket";
