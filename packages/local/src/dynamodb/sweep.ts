import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { localClient } from "./table.ts";

type Item = Record<string, AttributeValue>;

/** Segments scanned, and deletions running, at once. */
const parallel = 4;

const expired = "attribute_exists(expiresAt) AND expiresAt < :now";

/** Deletes on the condition that it is still expired: a session may have been extended since it was scanned. */
async function remove(client: DynamoDBClient, table: string, item: Item, now: AttributeValue): Promise<number> {
  const { pk, sk } = item;
  if (!pk || !sk) return 0;
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { pk, sk },
        ConditionExpression: expired,
        ExpressionAttributeValues: { ":now": now },
      }),
    );
    return 1;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 0;
    throw error;
  }
}

async function sweepSegment(client: DynamoDBClient, table: string, segment: number, now: AttributeValue) {
  let removed = 0;
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      Segment: segment,
      TotalSegments: parallel,
      FilterExpression: expired,
      ProjectionExpression: "pk, sk",
      ExpressionAttributeValues: { ":now": now },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) removed += await remove(client, table, item, now);
  }
  return removed;
}

/**
 * Deletes the items whose `expiresAt` (epoch seconds) lies before a moment, as AWS does in the background and dynoxide does not.
 * One pass costs about as much as reading the table once, so run it every few minutes. Returns how many it deleted.
 */
export async function sweepExpired(endpoint: string, table: string, before = Date.now()): Promise<number> {
  const client = localClient(endpoint);
  const now = { N: String(Math.floor(before / 1000)) };
  try {
    const removed = await Promise.all(
      Array.from({ length: parallel }, (_, segment) => sweepSegment(client, table, segment, now)),
    );
    return removed.reduce((sum, count) => sum + count, 0);
  } finally {
    client.destroy();
  }
}
