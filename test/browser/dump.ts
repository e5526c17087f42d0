import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Endpoints } from "./product.ts";

/** Some bytes, and where they were found. */
export interface Piece {
  place: string;
  bytes: Buffer;
}

type Attribute = Record<string, unknown>;
export type Item = Record<string, Attribute>;

/** A DynamoDB call as the AWS clients make it; the embedded server wants a signature but does not check it. */
export async function dynamodb<Answer>(endpoints: Endpoints, operation: string, input: object): Promise<Answer> {
  const response = await fetch(endpoints.dynamodb, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify({ TableName: endpoints.table, ...input }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`DynamoDB answers ${response.status} to ${operation}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** Every item of the table. */
export async function scan(endpoints: Endpoints): Promise<Item[]> {
  const items: Item[] = [];
  let from: object = {};
  do {
    const page = await dynamodb<{ Items: Item[]; LastEvaluatedKey?: object }>(endpoints, "Scan", from);
    items.push(...page.Items);
    from = page.LastEvaluatedKey ? { ExclusiveStartKey: page.LastEvaluatedKey } : {};
  } while ("ExclusiveStartKey" in from);
  return items;
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** A binary attribute as it is, and what it holds when it is compressed. */
function binary(place: string, base64: string): Piece[] {
  const bytes = Buffer.from(base64, "base64");
  return isGzip(bytes) ? [{ place, bytes: gunzipSync(bytes) }] : [{ place, bytes }];
}

function binaries(place: string, value: unknown): Piece[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "B" && typeof inner === "string") return binary(place, inner);
    if (key === "BS" && Array.isArray(inner)) return inner.flatMap((each) => binary(place, each));
    return binaries(`${place}.${key}`, inner);
  });
}

/** Everything the table holds, compressed collections opened. */
export const tablePieces = (items: Item[]): Piece[] =>
  items.flatMap((item) => {
    const place = `table ${JSON.stringify(item.pk)} ${JSON.stringify(item.sk)}`;
    return [{ place, bytes: Buffer.from(JSON.stringify(item)) }, ...binaries(place, item)];
  });

/** New Eden is the outside world: it has to know the tokens that it gave out. */
const outside = "new-eden";

/** Every file of the data folder: logs, queues, keys, and the database's raw pages with what was deleted from them. */
export function filePieces(dataDir: string): Piece[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(dataDir, outside) + sep))
    .map((path) => ({ place: path.slice(dataDir.length + 1), bytes: readFileSync(path) }));
}
