import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as Audit from "@tapi/core/audit";
import { Message } from "@tapi/core/engine/refresh";
import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Queue from "@tapi/core/platform/queue";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { kill, startOwnStack } from "../../../core/test/dead-letter.ts";
import { run } from "./dlq.ts";
import { UsageError } from "./usage-error.ts";

let stack: { close(): Promise<void> };
let dir: string;

beforeAll(async () => {
  stack = await startOwnStack();
  dir = await mkdtemp(join(tmpdir(), "tapi-cli-"));
  const { DYNAMODB_ENDPOINT: dynamodb, TABLE_NAME, SQS_ENDPOINT: sqs, KMS_ENDPOINT: kms } = process.env;
  const web = "http://localhost:3000";
  const newEden = "http://127.0.0.1:9";
  const endpoints = {
    web,
    api: web,
    socket: "ws://localhost:3000/socket",
    dynamodb,
    table: TABLE_NAME,
    sqs,
    kms,
    newEden,
  };
  await writeFile(join(dir, "endpoints.json"), JSON.stringify(endpoints));
});
afterAll(async () => {
  await stack?.close();
  await rm(dir, { recursive: true, force: true });
});

async function tapi(...args: string[]): Promise<string> {
  const said: string[] = [];
  const code = await run([...args, "--data", dir], { say: (text) => said.push(text), user: "ann" });
  expect(code).toBe(0);
  return said.join("\n");
}

beforeEach(async () => {
  for (const queue of ["orders", "members"] as const) await kill(queue);
  await tapi("discard", "--all", "--reason", "between tests");
});

async function bury(queue: "orders" | "members" = "orders"): Promise<number> {
  const corporationId = randomInt(98_000_000, 99_000_000);
  await Queue.send(queue, Message, [
    { message: { owner: Owner.corporation(corporationId), datasets: ["wallets"], reason: "schedule" } },
  ]);
  await kill(queue);
  return corporationId;
}

const listed = async (): Promise<{ messageId: string; owner: { id: number }; queue: string }[]> =>
  JSON.parse(await tapi("list", "--json"));

test("list shows each dead letter on a line, or says that there is none", async () => {
  expect(await tapi("list")).toBe("No dead letters.");
  const [first, second] = [await bury("orders"), await bury("members")];

  const lines = (await tapi("list")).split("\n");

  expect(lines[0]).toMatch(/^QUEUE +MESSAGE +OWNER +DATASETS +AGE +TRIES +REASON$/);
  expect(lines.slice(1).toSorted()).toEqual([
    expect.stringMatching(
      new RegExp(`^members +[\\w-]{36} +corporation#${second} +wallets +\\d+ s +0 +worker.silent: No attempt`),
    ),
    expect.stringMatching(
      new RegExp(`^orders +[\\w-]{36} +corporation#${first} +wallets +\\d+ s +0 +worker.silent: No attempt`),
    ),
  ]);
  expect(await tapi("list", "--queue", "members")).not.toContain("orders");
});

test("show tells all that is known of one message, wherever it lies", async () => {
  const corporationId = await bury();
  const [{ messageId } = { messageId: "" }] = await listed();

  const text = await tapi("show", "--id", messageId);

  expect(text).toMatch(new RegExp(`^message +${messageId}\nqueue +orders\nowner +corporation#${corporationId}\n`));
  expect(text).toContain(`"owner":{"kind":"corporation","id":${corporationId}}`);
});

test("redrive sends back one message, or all of them", async () => {
  for (const queue of ["orders", "orders", "members"] as const) await bury(queue);
  const [, { messageId } = { messageId: "" }] = await listed();

  expect(await tapi("redrive", "--id", messageId)).toBe("1 sent back.");
  expect((await listed()).map((letter) => letter.messageId)).not.toContain(messageId);
  expect(await tapi("redrive", "--all", "--json")).toBe('{"redriven":2}');
});

test("discard deletes for a reason that stays with who gave it", async () => {
  const corporationId = await bury();
  const [{ messageId } = { messageId: "" }] = await listed();

  expect(await tapi("discard", "--id", messageId, "--queue", "orders", "--reason", "left")).toBe("1 discarded.");

  expect(await listed()).toEqual([]);
  const { entries } = await Actor.provide({ type: "system", name: "test" }, () => Audit.list({ limit: 1 }));
  expect(entries).toMatchObject([
    { by: "ann (command line)", reason: "left", subject: { body: expect.stringContaining(String(corporationId)) } },
  ]);
});

test.each([
  ["no command", []],
  ["an unknown command", ["destroy"]],
  ["an unknown option", ["list", "--force"]],
  ["an unknown queue", ["list", "--queue", "nothing"]],
  ["a redrive of nothing", ["redrive"]],
  ["a redrive of one and all", ["redrive", "--id", "x", "--all"]],
  ["a discard without a reason", ["discard", "--all"]],
  ["a show without an id", ["show"]],
])("%s is a usage error", async (_, args) => {
  await expect(tapi(...args)).rejects.toThrow(UsageError);
});

test("a message that is gone is an error", async () => {
  await expect(tapi("show", "--id", "gone")).rejects.toThrow("There is no dead letter gone.");
});

test("as a process it exits by what came of it, and finds no host where none runs", async () => {
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const execute = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", cli, ...args]).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
    );

  const [fine, wrong, nowhere, help] = await Promise.all([
    execute("dlq", "list", "--data", dir),
    execute("dlq", "redrive", "--data", dir),
    execute("dlq", "list", "--data", tmpdir()),
    execute("--help"),
  ]);

  expect(fine).toEqual({ code: 0, text: "No dead letters.\n" });
  expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining("either --id or --all") });
  expect(nowhere).toMatchObject({ code: 1, text: expect.stringMatching(/^No host runs with its data in/) });
  expect(help).toMatchObject({ code: 0, text: expect.stringMatching(/dlq +dead letters/) });
});
