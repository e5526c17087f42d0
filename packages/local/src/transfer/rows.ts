import { setTimeout as pause } from "node:timers/promises";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  ScanCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import * as Actor from "@tapi/core/platform/actor";
import { openTokens, type Secrets, sealTokens } from "@tapi/core/product/transfer";

export type Item = Record<string, AttributeValue>;

/** A row as an export has it: bytes as base64, and a token's two secrets beside it in place of the sealed blob. */
export interface Row {
  item: Item;
  secrets?: Secrets;
}

/** DynamoDB's limit on a batch. */
const batchSize = 25;
const longestPauseMs = 5_000;

const system = <T>(work: () => T): T => Actor.provide({ type: "system", name: "transfer" }, work);

/** The character that a token's row belongs to. */
function tokenOf({ pk, sk }: Item): number | undefined {
  const [, id] = /^character#(\d+)$/.exec(pk?.S ?? "") ?? [];
  return id !== undefined && sk?.S === "token" ? Number(id) : undefined;
}

/** JSON knows no bytes: each array of them becomes `{ $bytes: base64 }`, at any depth. */
function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, pack(each)]));
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  if ("$bytes" in value) return Buffer.from(String(value.$bytes), "base64");
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpack(each)]));
}

async function exported(item: Item): Promise<Row> {
  const characterId = tokenOf(item);
  const { sealed, ...rest } = item;
  if (characterId === undefined || !sealed?.B) return { item: pack(item) as Item };
  const { B: blob } = sealed;
  return { item: pack(rest) as Item, secrets: await system(() => openTokens(characterId, blob)) };
}

async function imported(row: Row): Promise<Item> {
  const item = unpack(row.item) as Item;
  const characterId = tokenOf(item);
  const { secrets } = row;
  if (characterId === undefined || !secrets) return item;
  return { ...item, sealed: { B: await system(() => sealTokens(characterId, secrets)) } };
}

/** Every row of a table, a page of 1 MB at a time. */
export async function* scanRows(client: DynamoDBClient, table: string): AsyncGenerator<Row> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) if (item.pk?.S !== markKey.pk.S) yield await exported(item);
  }
}

async function putBatch(client: DynamoDBClient, table: string, items: Item[]): Promise<void> {
  let requests: WriteRequest[] = items.map((Item) => ({ PutRequest: { Item } }));
  for (let pauseMs = 50; requests.length > 0; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    requests = UnprocessedItems[table] ?? [];
    if (requests.length > 0) await pause(pauseMs);
  }
}

/**
 * What an installation that runs acts upon: its owners' places in the agenda, and tokens, with when they are renewed. Without
 * them it finds nothing to do.
 */
export function setsGoing(row: unknown): boolean {
  const { item } = row as Row;
  return (item.pk?.S ?? "").startsWith("schedule#") || item.sk?.S === "token-keep" || tokenOf(item) !== undefined;
}

export async function* only(rows: AsyncIterable<unknown>, isWanted: (row: unknown) => boolean) {
  for await (const row of rows) if (isWanted(row)) yield row;
}

/** Puts rows in place that are not there yet. */
export async function addRows(client: DynamoDBClient, table: string, rows: AsyncIterable<unknown>): Promise<void> {
  for await (const row of rows) {
    const Item = await imported(row as Row);
    const put = new PutItemCommand({ TableName: table, Item, ConditionExpression: "attribute_not_exists(pk)" });
    await client.send(put).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
}

/** Puts rows in place. Whatever was put already is put again: a second run changes nothing. */
export async function putRows(client: DynamoDBClient, table: string, rows: AsyncIterable<unknown>): Promise<void> {
  let items: Item[] = [];
  for await (const row of rows) {
    items.push(await imported(row as Row));
    if (items.length < batchSize) continue;
    await putBatch(client, table, items);
    items = [];
  }
  await putBatch(client, table, items);
}

const markKey = { pk: { S: "transfer" }, sk: { S: "import" } };

/** Notes which export is being put into a table; what is cut off is known by it. */
export const mark = (client: DynamoDBClient, table: string, exportId: string) =>
  client.send(new PutItemCommand({ TableName: table, Item: { ...markKey, exportId: { S: exportId } } }));

export const unmark = (client: DynamoDBClient, table: string) =>
  client.send(new DeleteItemCommand({ TableName: table, Key: markKey }));

export async function marked(client: DynamoDBClient, table: string): Promise<string | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: markKey, ConsistentRead: true }));
  return Item?.exportId?.S;
}

/**
 * Whether nothing lies there that is anybody's. A stage that was deployed and looked at has rows already: of logins that were
 * begun and requests that were counted, which expire, and the scheduler's own.
 */
export async function isEmpty(client: DynamoDBClient, table: string): Promise<boolean> {
  let start: Item | undefined;
  do {
    const { Count, LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        FilterExpression: "attribute_not_exists(expiresAt) AND pk <> :scheduler",
        ExpressionAttributeValues: { ":scheduler": { S: "schedule" } },
        ExclusiveStartKey: start,
      }),
    );
    if (Count) return false;
    start = LastEvaluatedKey;
  } while (start);
  return true;
}
