import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Function as LambdaFunction, Stack, StackContext } from "sst/constructs";
import {
  deadLetterQueueName,
  type QueueName,
  queueName,
  queues,
  visibilityTimeoutSeconds,
} from "../packages/functions/src/topology.ts";
import { addAlarm, aMinute } from "./alarms.ts";

export interface QueuePair {
  queue: Queue;
  deadLetterQueue: Queue;
}

/** The only way a queue is made: with its dead-letter queue, encryption, TLS and alarms. */
function addQueue(stack: Stack, name: QueueName): QueuePair {
  const settings = queues[name];
  const visibilitySeconds = visibilityTimeoutSeconds(settings);
  const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const deadLetterQueue = new Queue(stack, `${name}-dlq`, {
    ...secured,
    queueName: deadLetterQueueName(stack.stage, name),
    retentionPeriod: Duration.days(14),
  });
  const queue = new Queue(stack, name, {
    ...secured,
    queueName: queueName(stack.stage, name),
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: settings.maxReceiveCount },
  });
  addAlarm(stack, `${name}-dead-letters`, {
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: aMinute, statistic: "Maximum" }),
    threshold: 1,
    description: `Messages of "${name}" failed ${settings.maxReceiveCount} times: inspect and redrive them.`,
  });
  // Whoever takes news to pages waits for nothing outside: what makes them wait (throttling, failures) has alarms of its own.
  if (name !== "realtime") addBacklogAlarm(stack, name, queue, visibilitySeconds);
  return { queue, deadLetterQueue };
}

function addBacklogAlarm(stack: Stack, name: QueueName, queue: Queue, visibilitySeconds: number): void {
  addAlarm(stack, `${name}-backlog`, {
    metric: queue.metricApproximateAgeOfOldestMessage({ period: aMinute, statistic: "Maximum" }),
    // A message may fail once and wait out its visibility timeout before anyone needs to look.
    threshold: 2 * visibilitySeconds,
    periods: 5,
    description: `"${name}" is not consumed as fast as it fills, or one message keeps failing.`,
  });
}

/** The refresh queues and the realtime queue. */
export function Queues({ stack }: StackContext) {
  const names = Object.keys(queues) as QueueName[];
  return Object.fromEntries(names.map((name) => [name, addQueue(stack, name)])) as Record<QueueName, QueuePair>;
}

/** Lets `consumer` take the queue's messages, within the limits of the topology. */
export function consume(consumer: LambdaFunction, queue: Queue, name: QueueName): void {
  const { batchSize, windowSeconds, maxConcurrency } = queues[name];
  consumer.addEventSource(
    new SqsEventSource(queue, {
      batchSize,
      maxBatchingWindow: Duration.seconds(windowSeconds),
      maxConcurrency,
      // Without it Lambda ignores which messages failed and deletes them all.
      reportBatchItemFailures: true,
    }),
  );
}
