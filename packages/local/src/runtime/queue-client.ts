/** The four SQS calls that a consumer makes, over the JSON protocol that the AWS SDK speaks. */

export interface ReceivedMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<
    string,
    { DataType: string; StringValue?: string; BinaryValue?: string; MD5OfMessageAttributes?: string }
  >;
}

export interface QueueClient {
  receive(queueUrl: string, input: ReceiveInput, signal: AbortSignal): Promise<ReceivedMessage[]>;
  remove(queueUrl: string, messages: ReceivedMessage[]): Promise<void>;
  /** Creates the queue, or brings an existing one's attributes up to date; gives its URL. */
  ensure(queueName: string, attributes: Record<string, string>): Promise<string>;
}

interface ReceiveInput {
  maxMessages: number;
  waitSeconds: number;
  visibilityTimeoutSeconds?: number;
}

/** SQS takes at most this many entries in one batch call. */
const batchLimit = 10;

export function createQueueClient(endpoint: string): QueueClient {
  async function call<T>(operation: string, input: object, signal?: AbortSignal): Promise<T> {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new QueueCallError(operation, response.status, text);
    return (text ? JSON.parse(text) : {}) as T;
  }

  return {
    receive: async (queueUrl, { maxMessages, waitSeconds, visibilityTimeoutSeconds }, signal) => {
      const input = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(maxMessages, batchLimit),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
        ...(visibilityTimeoutSeconds === undefined ? {} : { VisibilityTimeout: visibilityTimeoutSeconds }),
      };
      const { Messages = [] } = await call<{ Messages?: ReceivedMessage[] }>("ReceiveMessage", input, signal);
      return Messages;
    },
    remove: async (queueUrl, messages) => {
      for (let start = 0; start < messages.length; start += batchLimit) {
        const Entries = messages
          .slice(start, start + batchLimit)
          .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await call("DeleteMessageBatch", { QueueUrl: queueUrl, Entries });
      }
    },
    ensure: async (queueName, attributes) => {
      try {
        const created = await call<{ QueueUrl: string }>("CreateQueue", {
          QueueName: queueName,
          Attributes: attributes,
        });
        return created.QueueUrl;
      } catch (error) {
        // QueueNameExists: it was made by an earlier version with other attributes.
        if (!(error instanceof QueueCallError) || !/QueueNameExists|QueueAlreadyExists/.test(error.body)) throw error;
        const { QueueUrl } = await call<{ QueueUrl: string }>("GetQueueUrl", { QueueName: queueName });
        await call("SetQueueAttributes", { QueueUrl, Attributes: attributes });
        return QueueUrl;
      }
    },
  };
}

class QueueCallError extends Error {
  override readonly name = "QueueCallError";
  readonly body: string;

  constructor(operation: string, status: number, body: string) {
    super(`SQS answered ${operation} with ${status}: ${body.slice(0, 300)}`);
    this.body = body;
  }
}
