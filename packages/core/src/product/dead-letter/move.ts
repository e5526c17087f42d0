import { ListMessageMoveTasksCommand, SendMessageCommand, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import { queueUrl } from "../../platform/config/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import type { Held } from "./hold.ts";

/** Sends a dead letter once more to the queue it came from, under its old trace: its history goes on. */
export async function sendBack({ queue, body, attributes, trace }: Held): Promise<void> {
  await Queue.client().send(
    new SendMessageCommand({
      QueueUrl: queueUrl(queue),
      MessageBody: body,
      MessageAttributes: { ...attributes, [Queue.traceAttribute]: { DataType: "String", StringValue: trace } },
    }),
  );
}

/** Whether SQS moves this dead-letter queue's messages just now; it does so once at a time. */
export async function isMoving(arn: string): Promise<boolean> {
  const { Results = [] } = await Queue.client().send(new ListMessageMoveTasksCommand({ SourceArn: arn }));
  return Results.some(({ Status }) => Status === "RUNNING");
}

/** Has SQS move all messages of a dead-letter queue back to where each came from. */
export async function moveAll(arn: string): Promise<void> {
  await Queue.client().send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
}
