import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFunctionLogs, createJoinedLogs } from "./function-log.ts";
import { rotatedFile } from "./log-target.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tapi-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

const modeOf = (name: string) => (statSync(join(dir, name)).mode & 0o777).toString(8);
const megabyte = `${"x".repeat(1024 * 1024 - 1)}\n`;

test("a log file is put aside at ten megabytes, three older ones are kept, and its owner alone reads any of them", async () => {
  const file = rotatedFile(join(dir, "api.log"));

  for (let written = 0; written < 60; written++) file.write(megabyte);
  file.write("last\n");
  await file.close();

  const names = readdirSync(dir).sort();
  expect(names).toEqual(["api.log", "api.log.1", "api.log.2", "api.log.3"]);
  expect(readFileSync(join(dir, "api.log"), "utf8")).toMatch(/last\n$/);
  for (const name of names) {
    expect([name, modeOf(name)]).toEqual([name, "600"]);
    expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(11 * 1024 * 1024);
  }
});

test("a log goes on where the last run ended it", async () => {
  writeFileSync(join(dir, "api.log"), "before\n");
  const file = rotatedFile(join(dir, "api.log"));

  file.write("after\n");
  await file.close();

  expect(readFileSync(join(dir, "api.log"), "utf8")).toBe("before\nafter\n");
});

test("a full disk loses lines and nothing else, and once there is room the next lines are written", async () => {
  symlinkSync("/dev/full", join(dir, "api.log"));
  const logs = createFunctionLogs(dir, () => undefined);
  const write = (text: string) => logs.write("api", "stdout", text);

  write("lost\n");
  rmSync(join(dir, "api.log"));

  await expect
    .poll(() => {
      write("kept\n");
      return readdirSync(dir).includes("api.log") && readFileSync(join(dir, "api.log"), "utf8");
    })
    .toContain("kept");
  await logs.close();
});

test("a log folder that went away does not end the host", async () => {
  const logs = createFunctionLogs(join(dir, "logs"), () => undefined);
  rmSync(join(dir, "logs"), { recursive: true });

  logs.write("api", "stdout", "line\n");
  await logs.close();

  expect(readdirSync(dir)).toEqual(["logs"]);
});

test("in one log each line is JSON and says which function it is from", async () => {
  const lines: string[] = [];
  const errors: string[] = [];
  const target = { write: (line: string) => void lines.push(line), close: async () => undefined };
  const logs = createJoinedLogs(target, (name, message) => errors.push(`${name}: ${message}`));

  logs.write("api", "stdout", '{"level":"error","message":"ouch"}\n{"level":"info","message":"well"}\n');
  logs.write("socket", "stderr", "no JSON");
  logs.report({ functionName: "scheduler", requestId: "r", durationMs: 3 });

  expect(lines.every((line) => line.endsWith("\n"))).toBe(true);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { function: "api", message: "ouch" },
    { function: "api", message: "well" },
    { function: "socket", message: "no JSON" },
    { function: "scheduler", type: "platform.report" },
  ]);
  expect(errors).toEqual(["api: ouch"]);
});
