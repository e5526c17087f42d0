/**
 * Limits of the three batch classes: how many messages a consumer takes at once, how long it may take, how often it is tried.
 *
 * Memory is paid for while a worker waits for ESI, which is most of what it does, and buys it processor time: 512 MB
 * are three tenths of a CPU, enough for a few thousand rows in a second. Only assets come by the hundred thousand.
 */
const batchClass = {
  small: { batchSize: 10, windowSeconds: 1, timeoutSeconds: 120, maxConcurrency: 10, memoryMb: 512 },
  medium: { batchSize: 5, windowSeconds: 1, timeoutSeconds: 120, maxConcurrency: 10, memoryMb: 512 },
  large: { batchSize: 2, windowSeconds: 1, timeoutSeconds: 300, maxConcurrency: 5, memoryMb: 1769 },
} as const;

export type BatchClass = keyof typeof batchClass;

const refresh = {
  public: "small",
  members: "small",
  wallets: "small",
  "wallet-journal": "medium",
  "wallet-transactions": "medium",
  orders: "medium",
  contracts: "medium",
  industry: "medium",
  killmails: "medium",
  affairs: "medium",
  assets: "large",
  structures: "medium",
} as const satisfies Record<string, BatchClass>;

export type RefreshQueue = keyof typeof refresh;

/** Consumers of queues that many small datasets share: at 10,000 corporations their class's own would not do (docs/scale.md). */
const wider: Partial<Record<RefreshQueue, { maxConcurrency: number }>> = {
  affairs: { maxConcurrency: 25 },
  structures: { maxConcurrency: 25 },
};
export type QueueName = RefreshQueue | "realtime";

export interface QueueSettings {
  batchSize: number;
  windowSeconds: number;
  timeoutSeconds: number;
  maxConcurrency: number;
  memoryMb: number;
  batchClass: BatchClass;
  /** Deliveries before a message goes to the dead-letter queue. */
  maxReceiveCount: number;
}

/**
 * A throttled delivery counts as one, too: AWS advises at least five for a queue that feeds Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const maxReceiveCount = 5;

export const refreshQueues = Object.keys(refresh) as RefreshQueue[];

/** Every queue with its settings; the cloud stacks, the local host and the producers all read this one table. */
export const queues: Record<QueueName, QueueSettings> = {
  ...(Object.fromEntries(
    Object.entries(refresh).map(([name, kind]) => [
      name,
      { ...batchClass[kind], ...wider[name as RefreshQueue], batchClass: kind, maxReceiveCount },
    ]),
  ) as Record<RefreshQueue, QueueSettings>),
  realtime: { ...batchClass.small, batchClass: "small", maxReceiveCount },
};

export const appName = "tapi";

export const queueName = (stage: string, queue: QueueName) => `${appName}-${stage}-${queue}`;
export const deadLetterQueueName = (stage: string, queue: QueueName) => deadLetterNameOf(queueName(stage, queue));
/** A queue's name or URL gives that of its dead-letter queue. */
export const deadLetterNameOf = (queue: string) => `${queue}-dlq`;

/** SQS advises six times the consumer's timeout, so that a throttled batch is not delivered twice. */
export const visibilityTimeoutSeconds = (settings: QueueSettings) => settings.timeoutSeconds * 6;
