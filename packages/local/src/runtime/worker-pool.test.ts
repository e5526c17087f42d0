import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clockShiftMs } from "../test/clock.ts";
import { type Bundle, bundleFunctions } from "./bundle.ts";
import { createFunctionLogs } from "./function-log.ts";
import { createClockOffset, installSimulatedClock, setClockOffset } from "./simulated-clock.ts";
import { createWorkerPool, type InvocationReport, type WorkerPool } from "./worker-pool.ts";

const handlers = `
import { shared } from "./shared.ts";
import { readFileSync } from "node:fs";
export const echo = async (event: unknown, context: any) => ({
  event, functionName: context.functionName, requestId: context.awsRequestId,
  remaining: context.getRemainingTimeInMillis(), stage: process.env.TAPI_STAGE, home: process.env.SECRET_OF_THE_HOST,
  at: Date.now(), newAt: new Date().getTime(), shared: ++shared.count, required: typeof require("node:fs").statSync,
});
export const fail = async () => { throw new TypeError("no such luck"); };
export const hang = () => new Promise(() => {});
export const slow = (event: any) => new Promise((done) => setTimeout(() => done("slow"), event.ms));
const inside: ((met: string) => void)[] = [];
export const meet = (event: any) => new Promise<string>((done) => {
  inside.push(done);
  if (inside.length === event.count) for (const each of inside.splice(0)) each("met");
});
export const crash = () => { process.exit(3); };
export const reject = () => { setTimeout(() => Promise.reject(new Error("nobody handles me"))); return new Promise(() => {}); };
export const talk = async () => {
  console.log(JSON.stringify({ level: "info", message: "hello" }));
  await new Promise((done) => setTimeout(done, 1));
  console.error(JSON.stringify({ level: "ERROR", message: "ouch" }));
};
export const large = async () => "x".repeat(7 * 1024 * 1024);
export const readsFile = () => readFileSync(new URL("./facts.txt", import.meta.url), "utf8");
export const nothing = () => undefined;
`;

let dir: string;
let bundle: Bundle;
let pool: WorkerPool;
let reports: InvocationReport[];
let errors: string[];
const clock = createClockOffset();

const names = [
  "echo",
  "fail",
  "hang",
  "slow",
  "meet",
  "crash",
  "reject",
  "talk",
  "large",
  "nothing",
  "missing",
  "readsFile",
];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tapi-runtime-"));
  mkdirSync(join(dir, "src"));
  writeFileSync(join(dir, "src", "handlers.ts"), handlers);
  writeFileSync(join(dir, "src", "shared.ts"), "export const shared = { count: 0 };");
  mkdirSync(join(dir, "data"));
  writeFileSync(join(dir, "data", "facts.txt"), "42");
  const settings = (name: string) => ({
    handler: `src/handlers.${name}`,
    timeoutSeconds: name === "hang" ? 0.2 : 5,
    memoryMb: 512,
    files: ["data/facts.txt"],
  });
  const functions = Object.fromEntries(names.map((name) => [name, settings(name)]));
  ({ bundle } = await bundleFunctions({ root: dir, outDir: join(dir, "build"), functions }));
});

beforeEach(async () => {
  reports = [];
  errors = [];
  const logs = createFunctionLogs(join(dir, "logs"), (name, message) => errors.push(`${name}: ${message}`));
  pool = createWorkerPool({
    ...bundle,
    clock,
    env: { TAPI_STAGE: "local" },
    onLog: logs.write,
    onReport: (report) => {
      reports.push(report);
      logs.report(report);
    },
  });
  return async () => {
    await pool.close();
    await logs.close();
  };
});

afterAll(() => rmSync(dir, { recursive: true }));

test("a handler gets its event, its context and the given environment, and nothing of the host's", async () => {
  process.env.SECRET_OF_THE_HOST = "x";

  const answer = await pool.invoke("echo", { a: 1, gone: undefined });

  delete process.env.SECRET_OF_THE_HOST;
  expect(answer).toMatchObject({ event: { a: 1 }, functionName: "echo", stage: "local", required: "function" });
  expect(answer).not.toHaveProperty("home");
  expect((answer as { remaining: number }).remaining).toBeGreaterThan(4000);
  expect((answer as { requestId: string }).requestId).toBe(reports[0]?.requestId);
});

test("a handler that answers nothing answers null", async () => {
  await expect(pool.invoke("nothing", {})).resolves.toBeNull();
});

test("a declared file lies beside the code", async () => {
  await expect(pool.invoke("readsFile", {})).resolves.toBe("42");
});

test("invocations run side by side in one warm worker", async () => {
  const met = await Promise.all([1, 2, 3, 4].map(() => pool.invoke("meet", { count: 4 })));
  const [first, second] = [await pool.invoke("echo", {}), await pool.invoke("echo", {})] as { shared: number }[];

  expect(met).toEqual(["met", "met", "met", "met"]);
  expect([first?.shared, second?.shared]).toEqual([1, 2]);
});

test.each([
  ["fail", "TypeError", "no such luck"],
  ["missing", "Runtime.HandlerNotFound", "missing is not exported"],
  ["unknown", "ResourceNotFoundException", "no function unknown"],
  ["large", "Function.ResponseSizeTooLarge", "larger than"],
])("%s rejects with %s", async (name, code, message) => {
  const attempt = pool.invoke(name, {});

  await expect(attempt).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test("a hanging handler is ended with its whole worker, without harm to others or to what runs beside it", async () => {
  await pool.invoke("echo", {});
  const beside = pool.invoke("slow", { ms: 400 });

  const attempt = pool.invoke("hang", {});

  await expect(attempt).rejects.toMatchObject({ code: "Sandbox.Timedout" });
  const fresh = (await pool.invoke("echo", {})) as { shared: number };
  expect(fresh.shared).toBe(1);
  await expect(beside).resolves.toBe("slow");
});

test.each(["crash", "reject"])(
  "a %s of the worker fails what ran in it, and the next invocation works",
  async (name) => {
    const beside = pool.invoke("slow", { ms: 2000 });

    const attempts = await Promise.allSettled([pool.invoke(name, {}), beside]);

    expect(attempts).toMatchObject([
      { status: "rejected", reason: { code: "Runtime.ExitError" } },
      { status: "rejected", reason: { code: "Runtime.ExitError" } },
    ]);
    await expect(pool.invoke("echo", {})).resolves.toMatchObject({ functionName: "echo" });
  },
);

test("the simulated clock moves the time of host and workers, and back", async () => {
  const shift = clockShiftMs();
  const uninstall = installSimulatedClock(clock);
  const hour = 3_600_000;

  setClockOffset(clock, shift + hour);
  const answer = (await pool.invoke("echo", {})) as { at: number; newAt: number };
  const host = Date.now();

  uninstall();
  setClockOffset(clock, 0);
  expect(Math.abs(answer.at - Date.now() - hour)).toBeLessThan(30_000);
  expect(Math.abs(answer.newAt - Date.now() - hour)).toBeLessThan(30_000);
  expect(Math.abs(host - Date.now() - hour)).toBeLessThan(30_000);
});

test("what a function writes lands in its own log with a report, and errors are told", async () => {
  await pool.invoke("talk", {});

  await expect.poll(() => readFileSync(join(dir, "logs", "talk.log"), "utf8")).toContain("platform.report");
  const lines = readFileSync(join(dir, "logs", "talk.log"), "utf8")
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { message: "hello" },
    { message: "ouch" },
    { type: "platform.report", record: { status: "success", requestId: reports[0]?.requestId } },
  ]);
  expect(errors).toEqual(["talk: ouch"]);
});
