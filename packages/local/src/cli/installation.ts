import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { appName } from "@tapi/functions/topology";
import { claim } from "../data-folder/index.ts";
import { createTable, startDynamoDb } from "../dynamodb/index.ts";
import { localClient } from "../dynamodb/table.ts";
import { prepareDataDir } from "../host/data-dir.mjs";
import { guardProcess } from "../host/environment.ts";
import { acquireLock } from "../host/lock.ts";
import { readPassphrase } from "../host/passphrase.ts";
import { tableName } from "../host/product.ts";
import { startKms } from "../kms/index.ts";
import type { Installation } from "../transfer/index.ts";
import { refusing, unusedSettings, type Where } from "./connect.ts";
import { UsageError } from "./usage-error.ts";

const newEden = { eveClientId: "new-eden-client", world: "New Eden" };

/** Which EVE application and which EVE an installation is of, by the settings that it is started or deployed with. */
function eveOf(file: string): { eveClientId: string; world: string } {
  const written = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const setting = (name: string) => process.env[name] || written[name];
  const eveClientId = setting("EVE_CLIENT_ID");
  if (!eveClientId) throw new UsageError(`EVE_CLIENT_ID is needed, in ${file} or in the environment.`);
  return { eveClientId, world: (setting("SSO_BASE_URL") ?? "https://login.eveonline.com").replace(/\/+$/, "") };
}

/**
 * Opens an installation that does not run on this machine, or a stage in AWS, for as long as `work` takes. Points this process's
 * core at its key.
 */
export async function withInstallation<T>(
  { data, stage }: Where,
  root: string,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  if (stage && data === undefined) return inStage(stage, root, work);
  const dir = resolve(data ?? ".tapi");
  const isDemo = existsSync(join(dir, "new-eden"));
  const eve = isDemo ? newEden : eveOf(join(root, ".env"));
  return inFolder(dir, eve, work);
}

async function inFolder<T>(
  dir: string,
  eve: Pick<Installation, "eveClientId" | "world">,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  prepareDataDir(dir);
  guardProcess();
  const lock = await acquireLock(dir);
  const opened: { close(): Promise<unknown> }[] = [];
  try {
    claim(dir, eve.world);
    const kms = await startKms({ dir: join(dir, "kms"), passphrase: readPassphrase(process.env) });
    opened.push(kms);
    const database = await startDynamoDb({ dir: join(dir, "dynamodb") });
    opened.push(database);
    await createTable(database.url, tableName);
    Object.assign(process.env, unusedSettings, {
      TAPI_STAGE: "local",
      TABLE_NAME: tableName,
      DYNAMODB_ENDPOINT: database.url,
      KMS_ENDPOINT: kms.url,
      KMS_KEY_ID: kms.keyArn,
      SQS_ENDPOINT: refusing,
      QUEUE_URL_BASE: refusing,
    });
    return await work({ ...eve, client: localClient(database.url), table: tableName });
  } finally {
    for (const each of opened.reverse()) await each.close();
    lock.release();
  }
}

/** Credentials, region and endpoints come from the environment, as every AWS tool takes them. */
async function inStage<T>(stage: string, root: string, work: (installation: Installation) => Promise<T>): Promise<T> {
  const table = `${appName}-${stage}`;
  // Before this process's core is given what it does not need.
  const eve = eveOf(join(root, `.env.${stage}`));
  const kms = new KMSClient({});
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: `alias/${appName}-${stage}` }));
  kms.destroy();
  const settings = { KMS_KEY_ID: KeyMetadata?.Arn ?? "", TABLE_NAME: table, TAPI_STAGE: stage };
  Object.assign(process.env, unusedSettings, { QUEUE_URL_BASE: refusing }, settings);
  return work({ ...eve, client: new DynamoDBClient({}), table });
}
