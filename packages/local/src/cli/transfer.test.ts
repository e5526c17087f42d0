import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateAliasCommand, KMSClient } from "@aws-sdk/client-kms";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { sealTokens } from "@tapi/core/product/transfer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTable } from "../dynamodb/index.ts";
import { localClient } from "../dynamodb/table.ts";
import { startTestStack, type TestStack } from "../test/stack.ts";
import { readRows } from "../transfer/file.ts";
import { exportRows } from "../transfer/index.ts";
import type { Row } from "../transfer/rows.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const world = "https://login.example.org";
const eveClientId = "application";
const characterId = 2_112_000_000 + Math.floor(Math.random() * 1e6);
const secrets = { accessToken: "access", refreshToken: randomUUID() };

let dir: string;
let stack: TestStack;
const path = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tapi-move-"));
  stack = await startTestStack();
  Object.assign(process.env, stack.environment);
  Config.reset();
});
afterAll(async () => {
  await stack?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function tapi(args: string[], more: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "packages/local/src/cli.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: dir, TMPDIR: dir, EVE_CLIENT_ID: eveClientId, SSO_BASE_URL: world, ...more },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

/** An export of an installation elsewhere, of one token and one row. */
async function exported(file: string): Promise<void> {
  const { DYNAMODB_ENDPOINT = "", TABLE_NAME: table = "" } = stack.environment;
  const client = localClient(DYNAMODB_ENDPOINT);
  const sealed = await Actor.provide({ type: "system", name: "test" }, () => sealTokens(characterId, secrets));
  const character = { S: `character#${characterId}` };
  const items = [
    { pk: { S: "corporation#1" }, sk: { S: "corporation" }, name: { S: "ü" } },
    { pk: character, sk: { S: "token" }, status: { S: "valid" }, sealed: { B: sealed } },
  ];
  for (const Item of items) await client.send(new PutItemCommand({ TableName: table, Item }));
  await exportRows({ client, table, eveClientId, world }, { file });
}

/** Each row by its key. */
async function rowsOf(file: string): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  for await (const row of readRows(file, {})) {
    const { pk, sk } = (row as Row).item;
    rows.set(`${pk?.S} ${sk?.S}`, row);
  }
  return rows;
}

test("an installation moves into a data folder and out of it, its tokens under a key of its own", async () => {
  await exported(path("in"));

  const put = await tapi(["import", path("in"), "--data", path("data")]);
  const taken = await tapi(["export", path("out"), "--data", path("data"), "--plain"]);

  expect([put, taken]).toEqual([
    { code: 0, said: "Imported 2 rows.\n" },
    { code: 0, said: `${path("out")}: 2 rows, not encrypted.\n` },
  ]);
  const rows = await rowsOf(path("out"));
  expect(rows).toEqual(await rowsOf(path("in")));
  expect(rows.get(`character#${characterId} token`)).toMatchObject({ secrets });
});

/** A stage, as this machine has it: its table and its key's alias; what the SDK finds AWS by. */
async function makeStage(stage: string): Promise<Record<string, string>> {
  const { DYNAMODB_ENDPOINT = "", KMS_ENDPOINT = "", KMS_KEY_ID = "" } = stack.environment;
  const aws = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  await createTable(DYNAMODB_ENDPOINT, `tapi-${stage}`);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const kms = new KMSClient({ endpoint: KMS_ENDPOINT, region: aws.AWS_REGION, credentials });
  await kms.send(new CreateAliasCommand({ AliasName: `alias/tapi-${stage}`, TargetKeyId: KMS_KEY_ID }));
  kms.destroy();
  return { ...aws, AWS_ENDPOINT_URL_DYNAMODB: DYNAMODB_ENDPOINT, AWS_ENDPOINT_URL_KMS: KMS_ENDPOINT };
}

test("an installation moves into a stage and out of it; one of another EVE application does not", async () => {
  await exported(path("for-stage"));
  const stage = `s${randomUUID().slice(0, 8)}`;
  const aws = await makeStage(stage);

  const foreign = await tapi(["import", path("for-stage"), "--stage", stage], { ...aws, EVE_CLIENT_ID: "another" });
  const put = await tapi(["import", path("for-stage"), "--stage", stage], aws);
  const taken = await tapi(["export", path("of-stage"), "--stage", stage, "--plain"], aws);

  expect(foreign).toEqual({ code: 1, said: expect.stringContaining("and this installation's is another") });
  expect([put.said, taken.said]).toEqual(["Imported 2 rows.\n", `${path("of-stage")}: 2 rows, not encrypted.\n`]);
  expect(await rowsOf(path("of-stage"))).toEqual(await rowsOf(path("for-stage")));
});

test("what is asked wrongly is told before anything is opened", async () => {
  const both = await tapi(["export", path("x"), "--data", path("a"), "--stage", "main", "--plain"]);
  const open = await tapi(["export", path("x"), "--data", path("a")]);

  expect(both).toEqual({ code: 2, said: expect.stringContaining("name two installations") });
  expect(open).toEqual({ code: 2, said: expect.stringContaining("The file will hold every token") });
});
