import { chmodSync, existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { startDynamoDb } from "../dynamodb/index.ts";
import { localClient } from "../dynamodb/table.ts";
import { tableName } from "../host/product.ts";

/** One change of a data folder to the next format. It may be cut off anywhere and is then run again from its beginning. */
export interface Step {
  /** For the terminal. */
  title: string;
  run(dir: string): Promise<void>;
}

type Key = {
  pk: AttributeValue;
  sk: AttributeValue;
};

/** Opens the folder's database for as long as `work` takes. Does nothing where there is none yet. */
async function withTable(dir: string, work: (client: DynamoDBClient) => Promise<void>): Promise<void> {
  const folder = join(dir, "dynamodb");
  if (!existsSync(join(folder, "dynamodb.sqlite"))) return;
  const server = await startDynamoDb({ dir: folder });
  const client = localClient(server.url);
  try {
    await work(client);
  } finally {
    client.destroy();
    await server.close();
  }
}

/** Former hosts left files that everybody on the machine could read, in a folder that only its owner may enter. */
function closeToOthers(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() ? 0o700 : 0o600);
  if (found.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name));
}

const forgotten = "begins_with(sk, :validators) OR begins_with(pk, :login)";
const scheduled = "begins_with(pk, :schedule) AND begins_with(sk, :corporation)";

/**
 * EVE answers "unchanged" to whoever asks with what was known before. But datasets have gained columns, and corporations
 * datasets: what is known of earlier answers is forgotten, and every corporation is looked at in the first minute. Logins
 * under way say too little about what they asked for, and begin again.
 */
async function askAnew(client: DynamoDBClient): Promise<void> {
  const prefixes = { validators: "validators#", login: "login#", schedule: "schedule#", corporation: "corporation#" };
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      FilterExpression: `${forgotten} OR (${scheduled})`,
      ProjectionExpression: "pk, sk",
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(prefixes).map(([name, prefix]) => [`:${name}`, { S: prefix }]),
      ),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk } of Items) {
      if (!pk || !sk) continue;
      if (pk.S?.startsWith(prefixes.schedule)) await wake(client, { pk, sk });
      else await client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk, sk } }));
    }
  }
}

async function wake(client: DynamoDBClient, Key: Key): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key,
      UpdateExpression: "SET wakeAt = :now, sent = :none",
      ExpressionAttributeValues: { ":now": { N: "0" }, ":none": { M: {} } },
    }),
  );
}

/** The first leads from format 0, which folders had before they named one, to format 1. None is ever changed or removed. */
export const steps: readonly Step[] = [
  { title: "close the files to other users", run: async (dir) => closeToOthers(dir) },
  { title: "have everything asked for in full once more", run: (dir) => withTable(dir, askAnew) },
];

export const currentFormat = steps.length;
