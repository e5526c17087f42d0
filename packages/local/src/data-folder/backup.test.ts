import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTable, startDynamoDb } from "../dynamodb/index.ts";
import { localClient } from "../dynamodb/table.ts";
import { acquireFileLock } from "../file-lock/index.ts";
import { backup } from "./backup.ts";
import { whileHeld } from "./hold.ts";
import { restore } from "./restore.ts";
import { currentFormat } from "./steps.ts";

const tsx = import.meta.resolve("tsx");
const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));

let home: string;
let dir: string;
let file: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapi-backup-"));
  dir = join(home, "data");
  file = join(home, "backup.tar.gz");
  makeFolder(dir);
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

const markerText = (more: object = {}) =>
  JSON.stringify({ app: "tapi", format: currentFormat, world: "New Eden", createdAt: "2027-01-01T00:00:00Z", ...more });

function put(at: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(at, path, ".."), { recursive: true });
    writeFileSync(join(at, path), text);
  }
}

function makeFolder(at: string, marker = markerText()): void {
  put(at, {
    "tapi-data.json": `${marker}\n`,
    "dynamodb/dynamodb.sqlite": "rows",
    "dynamodb/dynamodb.sqlite-wal": "newer rows",
    "sqs/sqs.journal": "[]\n",
    "kms/keys.json": "keys",
    "logs/api.log": "words",
    "endpoints.json.1.tmp": "{}",
  });
}

const kept = [
  "dynamodb/dynamodb.sqlite",
  "dynamodb/dynamodb.sqlite-wal",
  "kms/keys.json",
  "sqs/sqs.journal",
  "tapi-data.json",
];

const filesIn = (at: string): string[] =>
  readdirSync(at, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(at, name)).isFile());

const contents = (at: string) => Object.fromEntries(kept.map((name) => [name, readFileSync(join(at, name), "utf8")]));

const target = () => join(home, "restored");

test("what was backed up is restored byte for byte, with nothing of one run alone, for its owner alone", async () => {
  await backup({ dir, file });

  await restore({ file, dir: target() });

  expect(filesIn(target()).sort()).toEqual(kept);
  expect(contents(target())).toEqual(contents(dir));
  const modes = [
    file,
    target(),
    ...readdirSync(target(), { recursive: true, encoding: "utf8" }).map((name) => join(target(), name)),
  ];
  expect(modes.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  expect(filesIn(join(dir, "backups"))).toEqual([]);
});

test("under a passphrase nothing of it can be read, and another one opens nothing and changes nothing", async () => {
  await backup({ dir, file, passphrase: "correct horse" });

  expect(readFileSync(file, "latin1")).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
  await expect(restore({ file, dir: target(), passphrase: "battery staple" })).rejects.toThrow(
    `The passphrase does not open ${file}.`,
  );
  await expect(restore({ file, dir: target() })).rejects.toThrow(`${file} is encrypted. Set BACKUP_PASSPHRASE`);
});

test("a file that is there is replaced with --force alone", async () => {
  writeFileSync(file, "somebody's work");

  await expect(backup({ dir, file })).rejects.toThrow(`${file} is there already.`);
  expect(readFileSync(file, "utf8")).toBe("somebody's work");
  await backup({ dir, file, force: true });
  await restore({ file, dir: target() });
  expect(contents(target())).toEqual(contents(dir));
});

test.each(["", "whole"])("a folder that holds no data of ours (%j) is not backed up", async (name) => {
  const other = join(home, "other");
  if (name) put(other, { [name]: "x" });

  await expect(backup({ dir: other, file })).rejects.toThrow(`${other} holds no data of TAPI's.`);
  expect(existsSync(file)).toBe(false);
});

/** Every way in which a file may be torn: cut at any place, or a byte changed. */
const tears: [string, (bytes: Buffer) => Buffer][] = [
  ["empty", () => Buffer.alloc(0)],
  ["cut off in its beginning", (bytes) => bytes.subarray(0, 30)],
  ["cut off in the middle", (bytes) => bytes.subarray(0, bytes.length / 2)],
  ["cut off by one byte", (bytes) => bytes.subarray(0, -1)],
  ["changed in one byte", (bytes) => Buffer.from(bytes).fill((bytes[200] ?? 0) ^ 1, 200, 201)],
  ["something else", () => Buffer.from("a photo of a cat, for example")],
];

test.each(tears)("a backup that is %s is refused, and nothing is changed", async (_, tear) => {
  await backup({ dir, file });
  writeFileSync(file, tear(readFileSync(file)));

  const attempt = restore({ file, dir: target() });

  await expect(attempt).rejects.toMatchObject({ name: "StartError", message: expect.stringContaining(file) });
  await expect(restore({ file, dir, force: true })).rejects.toThrow(file);
  expect(existsSync(target())).toBe(false);
  expect(contents(dir)["dynamodb/dynamodb.sqlite"]).toBe("rows");
});

test("a backup of a newer release is refused, and nothing is changed", async () => {
  await backup({ dir, file });
  const newer = join(home, "newer");
  // As a newer release packs it: the same archive with another number in it.
  await restore({ file, dir: newer });
  const unpacked = await rePack(newer, markerText({ format: currentFormat + 1 }));

  await expect(restore({ file: unpacked, dir: target() })).rejects.toThrow(
    `${unpacked} was written by a newer TAPI (data format ${currentFormat + 1}`,
  );
  expect(existsSync(target())).toBe(false);
});

/** Packs a folder whose marker this release would refuse. */
async function rePack(at: string, marker: string): Promise<string> {
  const { pack } = await import("./archive.ts");
  writeFileSync(join(at, "tapi-data.json"), marker);
  const packed = join(home, "newer.tar.gz");
  await pack(at, packed, { progress: () => undefined });
  return packed;
}

test("a folder that is not empty is left alone; --force replaces an installation of the same EVE and nothing else", async () => {
  await backup({ dir, file });
  const [busy, foreign, other] = [join(home, "busy"), join(home, "documents"), join(home, "eve")];
  makeFolder(busy);
  put(busy, { "kms/keys.json": "other keys", "new-eden/world.json": "{}" });
  put(foreign, { "thesis.txt": "years of work" });
  makeFolder(other, markerText({ world: "https://login.eveonline.com" }));

  await expect(restore({ file, dir: busy })).rejects.toThrow("holds data already.");
  await expect(restore({ file, dir: foreign, force: true })).rejects.toThrow("holds other files than TAPI's.");
  await expect(restore({ file, dir: other, force: true })).rejects.toThrow(
    `${file} is of New Eden, and ${other} holds data of https://login.eveonline.com.`,
  );
  expect(filesIn(foreign)).toEqual(["thesis.txt"]);
  await restore({ file, dir: busy, force: true });
  expect(contents(busy)).toEqual(contents(dir));
  expect(existsSync(join(busy, "new-eden"))).toBe(false);
});

test("nothing is restored under a host that runs", async () => {
  await backup({ dir, file });
  const lock = await acquireFileLock(join(dir, "host.lock"));

  await expect(restore({ file, dir, force: true })).rejects.toThrow(`TAPI runs on ${dir} (process ${process.pid}).`);
  await expect(backup({ dir, file, force: true })).rejects.toThrow("just starting or stopping");

  lock.release();
});

/** The command with a limit on the size of files: as where a disk is full, for any user. */
async function tapi(args: string[], limitBlocks?: number): Promise<{ code: number; said: string }> {
  const node = [process.execPath, "--import", tsx, cli, ...args];
  const limited = ["/bin/sh", "-c", `ulimit -f ${limitBlocks}; exec "$@"`, "sh", ...node];
  const [program = "", ...rest] = limitBlocks === undefined ? node : limited;
  // Programs are told by a signal that they ask for too much; Node leaves it at its default only while it loads.
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, "exit")) as [number];
  return { code, said };
}

test("where there is no room for it, a sentence says so and no half file is left", async () => {
  // Half of what may be written: it is copied whole, and does not pack.
  writeFileSync(join(dir, "dynamodb", "dynamodb.sqlite"), Buffer.alloc(0));
  truncateSync(join(dir, "dynamodb", "dynamodb.sqlite"), 64 * 1024 * 1024);

  const { code, said } = await tapi(["backup", file, "--data", dir], 20_000);

  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringMatching(/(No space is left|larger than is allowed) for .*No half file is left/),
  });
  expect(readdirSync(home)).toEqual(["data"]);
  expect(filesIn(join(dir, "backups"))).toEqual([]);
});

test("a database that is held stands still, and goes on even if the one who held it is killed", async () => {
  const server = await startDynamoDb({ dir: join(home, "database") });
  const client = localClient(server.url);
  await createTable(server.url, "held");
  const write = (pk: string) =>
    client.send(new PutItemCommand({ TableName: "held", Item: { pk: { S: pk }, sk: { S: "x" } } }));
  const { server: started } = JSON.parse(readFileSync(join(home, "database", "dynamodb.lock"), "utf8")) as {
    server: { pid: number };
  };
  let done = false;
  let during: boolean | undefined;

  const writing = whileHeld(started.pid, () => {
    const state = readFileSync(`/proc/${started.pid}/stat`, "utf8").replace(/^.*\) /s, "")[0];
    const sent = write("waits").then(() => {
      done = true;
    });
    during = done;
    return { state, sent };
  });
  const { state, sent } = await writing;
  await sent;
  const hold = new URL("./hold.ts", import.meta.url).href;
  const program = `import(${JSON.stringify(hold)}).then(({ whileHeld }) => whileHeld(${started.pid}, () => process.kill(process.pid, "SIGKILL")))`;
  const holder = spawn(process.execPath, ["--import", tsx, "-e", program], { stdio: "ignore" });
  const [, signal] = (await once(holder, "exit")) as [number | null, string];

  expect({ state, during, done, signal }).toEqual({ state: "T", during: false, done: true, signal: "SIGKILL" });
  await write("goes on");
  client.destroy();
  await server.close();
});
