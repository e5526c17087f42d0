import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { openTokens, sealTokens } from "@tapi/core/product/transfer";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { localClient } from "../dynamodb/table.ts";
import { startTestStack, type TestStack } from "../test/stack.ts";
import { exportRows, type Installation, importRows } from "./index.ts";
import type { Item } from "./rows.ts";

const passphrase = "a long one";
const secrets = { accessToken: "access", refreshToken: randomUUID() };
const characterId = 2_112_000_000 + Math.floor(Math.random() * 1e6);

let dir: string;
let file: string;
let home: TestStack;
let away: TestStack[];
let next: number;
let from: Installation;

const system = <T>(work: () => T) => Actor.provide({ type: "system", name: "test" }, work);

/** This process's core speaks to one installation at a time. */
function at({ environment }: TestStack): Installation {
  Object.assign(process.env, environment);
  Config.reset();
  const { DYNAMODB_ENDPOINT = "", TABLE_NAME = "" } = environment;
  return { client: localClient(DYNAMODB_ENDPOINT), table: TABLE_NAME, eveClientId: "application", world: "eve" };
}

/** An installation with nothing in it. */
function empty(): Installation {
  const stack = away[next++];
  if (!stack) throw new Error("too few stacks");
  return at(stack);
}

async function rowsOf({ client, table }: { client: DynamoDBClient; table: string }): Promise<Map<string, Item>> {
  const rows = new Map<string, Item>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const item of Items) rows.set(`${item.pk?.S} ${item.sk?.S}`, item);
  }
  return rows;
}

const tokenKey = `character#${characterId} token`;
const withoutBlob = (rows: Map<string, Item>) =>
  new Map(
    [...rows].map(([key, { sealed, ...item }]) => [
      key,
      key === tokenKey ? item : { ...item, ...(sealed && { sealed }) },
    ]),
  );

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tapi-transfer-"));
  [home, ...away] = (await Promise.all(Array.from({ length: 5 }, startTestStack))) as [TestStack, ...TestStack[]];
  next = 0;
  from = at(home);
  const put = (Item: Item) => from.client.send(new PutItemCommand({ TableName: from.table, Item }));
  for (let row = 0; row < 60; row += 1) {
    await put({
      pk: { S: `corporation#${row % 7}` },
      sk: { S: `row#${row}` },
      lookupPk: { S: "lookup" },
      lookupSk: { S: String(row) },
      exact: { N: "1234567890123456789012345678.0123456789" },
      nested: { M: { bytes: { B: randomBytes(row * 100 + 1) }, list: { L: [{ NULL: true }, { BOOL: false }] } } },
      sets: { SS: ["a", "ü"] },
      many: { BS: [randomBytes(3), randomBytes(4)] },
      sealed: { B: randomBytes(9) },
    });
  }
  const sealed = await system(() => sealTokens(characterId, secrets));
  await put({
    pk: { S: `character#${characterId}` },
    sk: { S: "token" },
    status: { S: "valid" },
    sealed: { B: sealed },
  });
});

beforeEach(() => {
  file = join(dir, randomUUID());
  from = at(home);
});

afterAll(async () => {
  await Promise.all([home, ...away].map((each) => each.close()));
  rmSync(dir, { recursive: true, force: true });
});

test("every row of an installation arrives in another as it was, and tokens under the other's key", async () => {
  const before = await rowsOf(from);
  const exported = await exportRows(from, { file, passphrase });
  const into = empty();

  const imported = await importRows(into, { file, passphrase });

  const after = await rowsOf(into);
  expect([exported, imported, after.size]).toEqual([61, 61, 61]);
  expect(withoutBlob(after)).toEqual(withoutBlob(before));
  const blob = (rows: Map<string, Item>) => rows.get(tokenKey)?.sealed?.B ?? new Uint8Array();
  await expect(system(() => openTokens(characterId, blob(after)))).resolves.toEqual(secrets);
  await expect(system(() => openTokens(characterId, blob(before)))).rejects.toThrow();
});

test("the file is its owner's alone and shows nothing without the passphrase", async () => {
  await exportRows(from, { file, passphrase });
  const into = empty();

  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  expect(readFileSync(file, "latin1")).toMatch(/^age-encryption/);
  await expect(importRows(into, { file })).rejects.toThrow("is encrypted");
  await expect(importRows(into, { file, passphrase: "another" })).rejects.toThrow("passphrase does not open");
  await expect(exportRows(from, { file, passphrase })).rejects.toThrow("is there already");
  expect((await rowsOf(into)).size).toBe(0);
  next -= 1;
});

test("what was cut off, changed, or is of another application, world or format changes nothing", async () => {
  await exportRows(from, { file });
  const into = empty();
  const whole = readFileSync(file);
  const [head = "", ...lines] = gunzipSync(whole).toString("utf8").split("\n");
  const write = (text: string) => {
    writeFileSync(file, gzipSync(text));
    return importRows(into, { file });
  };
  const refused = (promise: Promise<unknown>, sentence: string) => expect(promise).rejects.toThrow(sentence);

  await refused(importRows({ ...into, eveClientId: "other" }, { file }), "set the same EVE_CLIENT_ID here");
  await refused(importRows({ ...into, world: "New Eden" }, { file }), "holds data of eve");
  await refused(write([head, ...lines.slice(1)].join("\n")), "is damaged or cut off");
  await refused(write([head, ...lines.slice(0, -2)].join("\n")), "is damaged or cut off");
  await refused(write([head, ...lines].join("\n").replace("row#1", "row#x")), "is damaged or cut off");
  await refused(write([head.replace('"format":1', '"format":2'), ...lines].join("\n")), "written by a newer TAPI");
  await refused(write("{}\n"), "is no export");
  writeFileSync(file, whole.subarray(0, whole.length - 30));
  await refused(importRows(into, { file }), "is damaged or cut off");
  writeFileSync(file, "text");
  await refused(importRows(into, { file }), "is no backup or export");

  expect((await rowsOf(into)).size).toBe(0);
  next -= 1;
});

test("an import that was cut off goes on when it is run again, and one over other rows has to be forced", async () => {
  await exportRows(from, { file });
  const other = `${file}.other`;
  await exportRows(from, { file: other });
  const into = empty();
  let calls = 0;
  const dying = {
    ...into,
    client: {
      send: (command: unknown) => {
        calls += 1;
        return calls > 4 ? Promise.reject(new Error("cut off")) : into.client.send(command as PutItemCommand);
      },
    } as unknown as DynamoDBClient,
  };

  await expect(importRows(dying, { file })).rejects.toThrow("cut off");
  await expect(importRows(into, { file: other })).rejects.toThrow("with --force");
  await importRows(into, { file });
  await expect(importRows(into, { file })).rejects.toThrow("with --force");
  await importRows(into, { file: other, force: true });

  expect(withoutBlob(await rowsOf(into)).size).toBe(61);
});

/** A client that fails where `isCut` says so, and tells of every row that is put. */
function watched(client: DynamoDBClient, onPut: (key: string) => void, isCut: (command: object) => boolean) {
  const send = async (command: { input: object }) => {
    if (isCut(command)) throw new Error("cut off");
    const { RequestItems = {}, Item } = command.input as {
      RequestItems?: Record<string, { PutRequest: { Item: Item } }[]>;
      Item?: Item;
    };
    const batch = Object.values(RequestItems).flatMap((each) => each.map(({ PutRequest }) => PutRequest.Item));
    for (const { pk, sk } of Item ? [Item] : batch) onPut(`${pk?.S} ${sk?.S}`);
    return client.send(command as PutItemCommand);
  };
  return { send } as unknown as DynamoDBClient;
}

test("what an installation that runs acts upon is put last, and what it did with it stays when a cut-off import goes on", async () => {
  const put = (Item: Item) => from.client.send(new PutItemCommand({ TableName: from.table, Item }));
  const agendaKey = { pk: { S: "schedule#3" }, sk: { S: "corporation#1" } };
  const keepKey = { pk: { S: `character#${characterId}` }, sk: { S: "token-keep" } };
  await put({ ...agendaKey, wakeAt: { N: "1" } });
  await put({ ...keepKey, keepAt: { S: "1" } });
  await exportRows(from, { file });
  const into = empty();
  const keys: string[] = [];
  const cut = watched(
    into.client,
    (key) => keys.push(key),
    (command) => command instanceof DeleteItemCommand,
  );
  await expect(importRows({ ...into, client: cut }, { file })).rejects.toThrow("cut off");
  const renewed = { pk: { S: `character#${characterId}` }, sk: { S: "token" }, sealed: { B: randomBytes(9) } };
  await into.client.send(new PutItemCommand({ TableName: into.table, Item: renewed }));
  await into.client.send(new DeleteItemCommand({ TableName: into.table, Key: agendaKey }));

  await importRows(into, { file });

  const rows = await rowsOf(into);
  expect(keys.slice(-3).sort()).toEqual([tokenKey, `${tokenKey}-keep`, "schedule#3 corporation#1"].sort());
  expect(new Uint8Array(rows.get(tokenKey)?.sealed?.B ?? [])).toEqual(new Uint8Array(renewed.sealed.B));
  expect(rows.get("schedule#3 corporation#1")?.wakeAt).toEqual({ N: "1" });
  expect(rows.size).toBe(63);
  for (const Key of [agendaKey, keepKey]) {
    await from.client.send(new DeleteItemCommand({ TableName: from.table, Key }));
  }
});

test("a stage that was deployed and looked at is empty; one in which anybody is, is not", async () => {
  await exportRows(from, { file });
  const into = empty();
  const put = (Item: Item) => into.client.send(new PutItemCommand({ TableName: into.table, Item }));
  await put({ pk: { S: "login#1" }, sk: { S: "login" }, expiresAt: { N: "1" } });
  await put({ pk: { S: "schedule" }, sk: { S: "pace" } });
  const user = { pk: { S: "user#1" }, sk: { S: "user" } };
  await put(user);

  await expect(importRows(into, { file })).rejects.toThrow("There are rows in this installation already");
  await into.client.send(new DeleteItemCommand({ TableName: into.table, Key: user }));

  await expect(importRows(into, { file })).resolves.toBe(61);
});

test("an export that fails leaves no file", async () => {
  const client = { send: () => Promise.reject(new Error("the table is away")) } as unknown as DynamoDBClient;

  await expect(exportRows({ ...from, client }, { file })).rejects.toThrow();

  expect(existsSync(file)).toBe(false);
});
