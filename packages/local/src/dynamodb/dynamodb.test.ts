import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dynoxideCommand } from "./binary.ts";
import { forgetFuture } from "./forget-times.ts";
import { createTable, startDynamoDb, sweepExpired } from "./index.ts";
import { localClient } from "./table.ts";

let dir: string;
let child: ChildProcess | undefined;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tapi-dynamodb-test-"));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  child = undefined;
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) await close();
  await rm(dir, { recursive: true, force: true });
});

const table = "tapi-local";

async function start(options: Parameters<typeof startDynamoDb>[0] = { dir }) {
  const db = await startDynamoDb(options);
  closing.push(db.close);
  return db;
}

/** The server under a host of its own that can be killed; its url and the pid of dynoxide. */
async function startUnderHost(): Promise<{ url: string; serverPid: number }> {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const entry = JSON.stringify(new URL("./index.ts", import.meta.url).href);
  const program = `import(${entry}).then((m) => m.startDynamoDb({ dir: process.argv[1] })).then((db) => console.log(db.url))`;
  child = spawn(process.execPath, ["--import", tsx, "-e", program, dir], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr?.on("data", (chunk: Buffer) => console.error(chunk.toString()));
  const [line] = await once(child.stdout ?? child, "data");
  return { url: String(line).trim(), serverPid: lockContents().server.pid };
}

const lockPath = () => join(dir, "dynamodb.lock");
const lockContents = () => JSON.parse(readFileSync(lockPath(), "utf8"));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Some other program. */
function startSleeper(): ChildProcess {
  const sleeper = spawn("sleep", ["600"], { stdio: "ignore" });
  closing.push(async () => void sleeper.kill());
  return sleeper;
}

const item = (sk: string, more: Record<string, { S: string } | { N: string }> = {}) => ({
  pk: { S: "p" },
  sk: { S: sk },
  ...more,
});

async function killHost(): Promise<void> {
  if (!child) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

test("the table has the product's keys, index and TTL, and creating it again changes nothing", async () => {
  const { url } = await start();
  const client = localClient(url);

  await createTable(url, table);
  await createTable(url, table);
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: item("a", { lookupPk: { S: "user" }, lookupSk: { S: "1" } }),
    }),
  );
  const found = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: "lookup",
      KeyConditionExpression: "lookupPk = :user",
      ExpressionAttributeValues: { ":user": { S: "user" } },
    }),
  );
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));

  expect(found.Items).toHaveLength(1);
  expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(["pk", "sk"]);
  expect(Table?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
});

test("data outlive an orderly restart", async () => {
  const first = await startDynamoDb({ dir });
  await createTable(first.url, table);
  await localClient(first.url).send(new PutItemCommand({ TableName: table, Item: item("a") }));
  await first.close();

  const second = await start();

  const { Item } = await localClient(second.url).send(new GetItemCommand({ TableName: table, Key: item("a") }));
  expect(Item).toEqual(item("a"));
});

test("a database without a folder writes no file, and each is one of its own", async () => {
  vi.stubEnv("TMPDIR", dir);
  const [one, other] = await Promise.all([start({}), start({})]);
  await Promise.all([createTable(one.url, table), createTable(other.url, table)]);

  await localClient(one.url).send(new PutItemCommand({ TableName: table, Item: item("a") }));
  const [own, foreign] = await Promise.all(
    [one, other].map(({ url }) => localClient(url).send(new GetItemCommand({ TableName: table, Key: item("a") }))),
  );

  expect([own?.Item, foreign?.Item]).toEqual([item("a"), undefined]);
  expect(readdirSync(dir)).toEqual([]);
});

test("a second server on the same folder is refused, and says who has it", async () => {
  await start();

  await expect(startDynamoDb({ dir })).rejects.toThrow(`in use by process ${process.pid}`);
});

test("kill -9 of the host ends the server, and a restart has every acknowledged write", async () => {
  const { url, serverPid } = await startUnderHost();
  await createTable(url, table);
  const client = localClient(url);
  const acknowledged: string[] = [];
  const write = async (): Promise<never> => {
    const id = randomUUID();
    const puts = ["a", "b"].map((end) => ({ Put: { TableName: table, Item: item(`${id}-${end}`) } }));
    await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
    acknowledged.push(`${id}-a`, `${id}-b`);
    return write();
  };
  const work = Promise.allSettled([write(), write(), write(), write()]);
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(100), 10_000);

  await killHost();
  client.destroy();
  await vi.waitFor(() => expect(isAlive(serverPid)).toBe(false), 20_000);
  const again = await start();
  await work;
  const { Items = [] } = await localClient(again.url).send(new ScanCommand({ TableName: table }));

  const found = new Set(Items.map(({ sk }) => sk?.S));
  expect(acknowledged.filter((sk) => !found.has(sk))).toEqual([]);
});

test("a server that outlived its host is ended before the next one opens the file", async () => {
  const orphan = startSleeper();
  const startedAt = readFileSync(`/proc/${orphan.pid}/stat`, "utf8").split(" ")[21];
  const gone = { pid: 2 ** 22 - 1, startedAt: "1" };
  await writeFile(lockPath(), JSON.stringify({ owner: gone, server: { pid: orphan.pid, startedAt } }));
  const ended = once(orphan, "exit");

  await start();

  expect((await ended)[1]).toBe("SIGTERM");
  expect(lockContents().owner.pid).toBe(process.pid);
});

test("a pid that was given to another program does not hold the lock, and that program is left alone", async () => {
  const stranger = startSleeper();
  const stale = { pid: stranger.pid, startedAt: "1" };
  await writeFile(lockPath(), JSON.stringify({ owner: stale, server: stale }));

  await start();

  expect(isAlive(stranger.pid ?? 0)).toBe(true);
});

test("a lock torn by a crash does not hold", async () => {
  await writeFile(lockPath(), '{"owner":{"pid":1');

  await expect(start()).resolves.toBeDefined();
});

test("a server that dies by itself is reported", async () => {
  const crashed = vi.fn();
  await start({ dir, onCrash: crashed });

  process.kill(lockContents().server.pid, "SIGKILL");

  await vi.waitFor(() => expect(crashed).toHaveBeenCalledOnce(), 20_000);
});

test("a port that is taken is named, and the lock is free again", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };

  await expect(startDynamoDb({ dir, port })).rejects.toThrow(/did not start/);
  other.close();

  expect(existsSync(lockPath())).toBe(false);
});

test("a DYNOXIDE_PATH that leads nowhere is named", async () => {
  vi.stubEnv("DYNOXIDE_PATH", "/nowhere/dynoxide");

  await expect(startDynamoDb({ dir })).rejects.toThrow("DYNOXIDE_PATH is /nowhere/dynoxide");
  vi.unstubAllEnvs();

  await expect(start()).resolves.toBeDefined();
});

test("the sweep deletes what has expired and nothing else", async () => {
  const { url } = await start();
  await createTable(url, table);
  const client = localClient(url);
  const now = Math.floor(Date.now() / 1000);
  const put = (sk: string, more = {}) => client.send(new PutItemCommand({ TableName: table, Item: item(sk, more) }));
  await Promise.all([
    ...Array.from({ length: 30 }, (_, index) => put(`old-${index}`, { expiresAt: { N: String(now - 10) } })),
    put("future", { expiresAt: { N: String(now + 60) } }),
    put("forever"),
    put("text", { expiresAt: { S: "1" } }),
  ]);

  const removed = await sweepExpired(url, table);

  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  expect(removed).toBe(30);
  expect(Items.map(({ sk }) => sk?.S).sort()).toEqual(["forever", "future", "text"]);
});

test("after the clock has gone back, all that waits for a moment to come is due, and no data are touched", async () => {
  const { url } = await start();
  await createTable(url, table);
  const client = localClient(url);
  const now = Date.now();
  const n = (value: number) => ({ N: String(value) });
  const rows = {
    later: { refreshedAt: n(now + 3_600_000), nextAt: n(now + 7_200_000), leaseUntil: n(now + 3_600_000), rows: n(7) },
    failed: { errorAt: n(now + 3_600_000), nextAt: n(now + 7_200_000) },
    usual: { refreshedAt: n(now - 1_000), nextAt: n(now + 60_000), leaseUntil: n(now + 20_000) },
  };
  const put = (pk: string, sk: string, more: Record<string, AttributeValue> = {}) =>
    client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, sk: { S: sk }, ...more } }));
  await Promise.all([
    ...Object.entries(rows).map(([name, row]) => put("corporation#1", `dataset#${name}`, row)),
    put("corporation#1", "validators#later"),
    put("schedule#1", "corporation#1", { wakeAt: n(now + 3_600_000), sent: { M: { later: n(now) } } }),
    put("esi#server", "limit#everything", { until: n(now + 86_400_000) }),
    put("corporation#1#snapshot#later", "head", { version: n(3) }),
  ]);

  await forgetFuture(client, table, now);

  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  const left = Object.fromEntries(Items.map(({ pk, sk, ...rest }) => [`${pk?.S} ${sk?.S}`, rest]));
  expect(left).toEqual({
    "corporation#1 dataset#later": { refreshedAt: rows.later.refreshedAt, rows: n(7) },
    "corporation#1 dataset#failed": { errorAt: rows.failed.errorAt },
    "corporation#1 dataset#usual": rows.usual,
    "schedule#1 corporation#1": { wakeAt: n(0), sent: { M: {} } },
    "corporation#1#snapshot#later head": { version: n(3) },
  });
});

test("the sweep leaves what has not been expired since the moment that it is told", async () => {
  const { url } = await start();
  await createTable(url, table);
  const client = localClient(url);
  const expiresAt = { N: String(Math.floor(Date.now() / 1000) - 3_600) };
  await client.send(new PutItemCommand({ TableName: table, Item: item("an hour ago", { expiresAt }) }));

  const removed = [await sweepExpired(url, table, Date.now() - 86_400_000), await sweepExpired(url, table)];

  expect(removed).toEqual([0, 1]);
});

const putRow = (client: ReturnType<typeof localClient>, sk: string, size = 10) =>
  client.send(new PutItemCommand({ TableName: table, Item: item(sk, { text: { S: "x".repeat(size) } }) }));

async function rowsOf(url: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client: localClient(url) }, { TableName: table })) {
    for (const { sk } of Items) found.add(sk?.S ?? "");
  }
  return found;
}

test("on a full disk nothing is acknowledged that is not kept, and what is stored can still be read", async () => {
  const program = join(dir, "dynoxide-on-a-small-disk");
  await writeFile(program, `#!/bin/sh\ntrap '' XFSZ\nulimit -f 2000\nexec ${dynoxideCommand().join(" ")} "$@"\n`, {
    mode: 0o700,
  });
  vi.stubEnv("DYNOXIDE_PATH", program);
  const small = await startDynamoDb({ dir });
  await createTable(small.url, table);
  const client = localClient(small.url);
  const written: string[] = [];
  const fill = async (): Promise<never> => {
    const sk = randomUUID();
    await putRow(client, sk, 20_000);
    written.push(sk);
    return fill();
  };

  await expect(fill()).rejects.toThrow();
  const readable = await rowsOf(small.url);
  await small.close();
  vi.unstubAllEnvs();
  const { url } = await start();
  const found = await rowsOf(url);

  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((sk) => !readable.has(sk) || !found.has(sk))).toEqual([]);
  await expect(putRow(localClient(url), "goes on")).resolves.toBeDefined();
});

test("a last write that a crash has torn is left out, and everything acknowledged before it is there", async () => {
  const { url, serverPid } = await startUnderHost();
  await createTable(url, table);
  const client = localClient(url);
  for (let count = 0; count < 20; count++) await putRow(client, `row ${count}`);
  process.kill(serverPid, "SIGKILL");
  await vi.waitFor(() => expect(isAlive(serverPid)).toBe(false));
  const ended = child && once(child, "exit");
  child?.kill("SIGKILL");
  await ended;
  const log = join(dir, "dynamodb.sqlite-wal");
  const bytes = await readFile(log);

  // Half a frame more, as of a write that the crash has cut off.
  await writeFile(log, Buffer.concat([bytes, bytes.subarray(32, 32 + 3_000)]));
  const { url: again } = await start();

  expect(bytes.length).toBeGreaterThan(3_032);
  expect((await rowsOf(again)).size).toBe(20);
});
