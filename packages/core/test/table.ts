import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";

/** Every item of the test's table. */
export async function scan(): Promise<Record<string, unknown>[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT as string }));
  const items: Record<string, unknown>[] = [];
  const pages = paginateScan({ client }, { TableName: process.env.TABLE_NAME as string });
  for await (const page of pages) items.push(...(page.Items ?? []));
  client.destroy();
  return items;
}

/** Puts an item as it is, which our own code may never have done. */
export async function put(item: Record<string, unknown>): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT as string }));
  await client.send(new PutCommand({ TableName: process.env.TABLE_NAME as string, Item: item }));
  client.destroy();
}
