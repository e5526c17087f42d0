import { chmodSync, existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { forgetTimes } from "../dynamodb/forget-times.ts";
import { startDynamoDb } from "../dynamodb/index.ts";
import { localClient } from "../dynamodb/table.ts";
import { tableName } from "../host/product.ts";

/** One change of a data folder to the next format. It may be cut off anywhere and is then run again from its beginning. */
export interface Step {
  /** For the terminal. */
  title: string;
  run(dir: string): Promise<void>;
}

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

/** The first leads from format 0, which folders had before they named one, to format 1. None is ever changed or removed. */
export const steps: readonly Step[] = [
  { title: "close the files to other users", run: async (dir) => closeToOthers(dir) },
  {
    // EVE answers "unchanged" to whoever asks with what was known before, but datasets have gained columns, and corporations
    // datasets. Logins under way say too little about what they asked for.
    title: "have everything asked for in full once more",
    run: (dir) => withTable(dir, (client) => forgetTimes(client, tableName)),
  },
];

export const currentFormat = steps.length;
