import { createTable, startDynamoDb } from "../dynamodb/index.ts";
import { functionEnvironment, newEdenAsEve } from "../host/environment.ts";
import { productTopology, queuePrefix, tableName } from "../host/product.ts";
import { createQueues } from "../host/queues.ts";
import { startKms } from "../kms/index.ts";
import { startSqs } from "../sqs/index.ts";

export interface TestStack {
  /** What `@tapi/core/platform/config` needs. The addresses of EVE and of the web refuse: a test starts what it needs of them. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

const refusing = "http://127.0.0.1:9";

/** The product's table, queues and key on real servers, with nothing kept on the disk. */
export async function startTestStack(): Promise<TestStack> {
  const [dynamodb, sqs, kms] = await Promise.all([startDynamoDb(), startSqs(), startKms()]);
  const servers = [dynamodb, sqs, kms];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    await Promise.all([
      createTable(dynamodb.url, tableName),
      createQueues(sqs.url, productTopology.queues, (line) => console.error(line)),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  const environment = functionEnvironment({
    endpoints: {
      web: "http://localhost:3000",
      api: "http://localhost:3000/api/v1",
      socket: "ws://localhost:3000/socket",
      dynamodb: dynamodb.url,
      table: tableName,
      sqs: sqs.url,
      kms: kms.url,
    },
    queueUrlBase: `${sqs.url}/000000000000/${queuePrefix}`,
    kmsKeyArn: kms.keyArn,
    socketManagement: refusing,
    publicUrl: "http://localhost:3000",
    eve: newEdenAsEve(refusing, ""),
  });
  return { environment: { LOG_LEVEL: "error", ...environment }, close };
}
