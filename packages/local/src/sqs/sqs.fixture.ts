import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { vi } from "vitest";

export const connect = (endpoint: string): SQSClient =>
  new SQSClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });

/** One queue seen through the real SDK client. */
export class TestQueue {
  readonly client: SQSClient;
  readonly url: string;

  private constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  static async create(client: SQSClient, attributes: Record<string, string> = {}): Promise<TestQueue> {
    const QueueName = `q-${randomUUID()}${attributes.FifoQueue ? ".fifo" : ""}`;
    const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    return new TestQueue(client, QueueUrl);
  }

  /** One that is there already. */
  static async open(client: SQSClient, QueueName: string): Promise<TestQueue> {
    const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName }));
    return new TestQueue(client, QueueUrl);
  }

  /** A queue whose messages go to another one after this many deliveries. */
  static async withDeadLetters(client: SQSClient, maxReceiveCount: number, attributes: Record<string, string> = {}) {
    const dead = await TestQueue.create(client, attributes);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount });
    return { dead, queue: await TestQueue.create(client, { ...attributes, RedrivePolicy }) };
  }

  get name(): string {
    return this.url.slice(this.url.lastIndexOf("/") + 1);
  }

  get arn(): string {
    return `arn:aws:sqs:us-east-1:000000000000:${this.name}`;
  }

  send(MessageBody: string, input: Partial<SendMessageCommandInput> = {}) {
    return this.client.send(new SendMessageCommand({ ...input, QueueUrl: this.url, MessageBody }));
  }

  async receive(input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
        ...input,
        QueueUrl: this.url,
      }),
    );
    return Messages;
  }

  async receiveBodies(input: Partial<ReceiveMessageCommandInput> = {}): Promise<string[]> {
    return (await this.receive(input)).map(({ Body = "" }) => Body);
  }

  /** Approximate counts: visible, in flight, delayed. */
  async counts(): Promise<[visible: number, inFlight: number, delayed: number]> {
    const { Attributes = {} } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ["All"] }),
    );
    return [
      Number(Attributes.ApproximateNumberOfMessages),
      Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      Number(Attributes.ApproximateNumberOfMessagesDelayed),
    ];
  }
}

/** Stops the clock (timers stay real) and moves it on demand; `vi.useRealTimers` ends it. */
export function frozenClock(wake: () => void): { advance(seconds: number): void } {
  vi.useFakeTimers({ toFake: ["Date"] });
  return {
    advance: (seconds) => {
      vi.setSystemTime(Date.now() + seconds * 1000);
      wake();
    },
  };
}
