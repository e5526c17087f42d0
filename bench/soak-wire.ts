import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import * as Config from "@tapi/core/platform/config";
import * as Db from "@tapi/core/platform/db";

/*
 * DynamoDB's protocol without AWS's SDK. On one machine the SDK's signing, middleware and copying is half of the processor
 * time of a refresh, and none of it is the product's; the shorter soak of `pnpm bench` goes through the SDK.
 */

type Fields = Record<string, unknown>;

const operationOf: Readonly<Record<string, string>> = {
  GetCommand: "GetItem",
  PutCommand: "PutItem",
  UpdateCommand: "UpdateItem",
  DeleteCommand: "DeleteItem",
  QueryCommand: "Query",
  ScanCommand: "Scan",
  BatchGetCommand: "BatchGetItem",
  BatchWriteCommand: "BatchWriteItem",
  TransactGetCommand: "TransactGetItems",
  TransactWriteCommand: "TransactWriteItems",
};

/** Fields that hold rows, by themselves or in a list; everything around them is plain JSON. */
const rowFields = new Set([
  "Key",
  "Keys",
  "Item",
  "Items",
  "Attributes",
  "ExpressionAttributeValues",
  "ExclusiveStartKey",
  "LastEvaluatedKey",
]);

function mapFields(fields: Fields, turn: (value: unknown, name: string) => unknown): Fields {
  const turned: Fields = {};
  for (const name in fields) if (fields[name] !== undefined) turned[name] = turn(fields[name], name);
  return turned;
}

/** Turns every row of a request or an answer, however deep it lies. */
function eachRow(value: unknown, turn: (row: Fields) => Fields, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => eachRow(item, turn, name));
  if (typeof value !== "object" || value === null) return value;
  if (rowFields.has(name)) return turn(value as Fields);
  // A batch's answer has its rows right below the names of the tables.
  return mapFields(value as Fields, (inner, field) => eachRow(inner, turn, name === "Responses" ? "Items" : field));
}

function toStored(value: unknown): Fields {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { L: value.map(toStored) };
  if (value instanceof Set) return { SS: [...value] };
  return { M: mapFields(value as Fields, toStored) };
}

function fromStored(stored: unknown): unknown {
  const [kind = ""] = Object.keys(stored as Fields);
  const value = (stored as Fields)[kind];
  if (kind === "N") return Number(value);
  if (kind === "NULL") return null;
  if (kind === "B") return Buffer.from(value as string, "base64");
  if (kind === "L") return (value as unknown[]).map(fromStored);
  if (kind === "SS") return new Set(value as string[]);
  if (kind === "M") return mapFields(value as Fields, fromStored);
  return value;
}

const agent = new Agent({ keepAlive: true });
/** Not checked: whoever is on this machine may call. But it has to be there. */
const signature = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=soak/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=soak",
  "x-amz-date": "20260101T000000Z",
};

async function post(operation: string, input: Fields): Promise<{ status: number; body: Fields }> {
  const outgoing = request(Config.get().DYNAMODB_ENDPOINT as string, {
    method: "POST",
    agent,
    headers: {
      ...signature,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    },
  });
  outgoing.end(JSON.stringify(eachRow(input, (row) => mapFields(row, toStored))));
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(answer, "end");
  return { status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as Fields };
}

/** What the SDK throws, as far as the product and ElectroDB look at it. */
function refusal({ __type: type, message, Message, ...more }: Fields): Error {
  const name = String(type).split("#").at(-1) as string;
  return Object.assign(new Error(String(message ?? Message)), { name, ...more });
}

async function send(command: { constructor: { name: string }; input: object }): Promise<unknown> {
  const operation = operationOf[command.constructor.name];
  if (!operation) throw new Error(`no ${command.constructor.name} without the SDK`);
  const { status, body } = await post(operation, command.input as Fields);
  if (status !== 200) throw refusal(body);
  return eachRow(body, (row) => mapFields(row, fromStored));
}

/** From now on this process speaks to the table without the SDK. */
export function installPlainWire(): void {
  Object.assign(Db.client(), { send });
}
