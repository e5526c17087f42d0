import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import * as Config from "@tapi/core/platform/config";
import * as Queue from "@tapi/core/platform/queue";
import { type QueueName, queues } from "@tapi/core/platform/topology";
import { startTestStack } from "@tapi/local/test";

/** Queues and a table that no other test file shares: what lies in a dead-letter queue is counted here. */
export async function startOwnStack(environment: Record<string, string> = {}): Promise<{ close(): Promise<void> }> {
  const stack = await startTestStack();
  Object.assign(process.env, stack.environment, environment);
  Config.reset();
  return stack;
}

export type { Message } from "@aws-sdk/client-sqs";

/** The next message of a queue, ours until it is postponed or consumed. */
export async function receive(queue: QueueName, waitSeconds = 2): Promise<Message | undefined> {
  const { Messages = [] } = await Queue.client().send(
    new ReceiveMessageCommand({
      QueueUrl: Config.queueUrl(queue),
      VisibilityTimeout: 60,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages[0];
}

/** Fails every message of a queue as often as it takes; `attempt` is told of each delivery. */
export async function kill(queue: QueueName, attempt: (message: Message) => Promise<unknown> = async () => undefined) {
  for (let message = await receive(queue, 0); message; message = await receive(queue, 0)) {
    const number = Number(message.Attributes?.ApproximateReceiveCount);
    if (number > queues[queue].maxReceiveCount) throw new Error("this message should be dead");
    await attempt(message);
    await Queue.postpone(queue, message.ReceiptHandle as string, 0);
  }
}

export const consumed = (queue: QueueName, { ReceiptHandle }: Message) =>
  Queue.client().send(new DeleteMessageCommand({ QueueUrl: Config.queueUrl(queue), ReceiptHandle }));
