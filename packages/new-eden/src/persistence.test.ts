import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startNewEden } from "./index.ts";
import { Client, control, token } from "./test/client.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "new-eden-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const corporations = [{ members: 12, assets: 200 }];

test("logins, keys, clock and changes outlive the process", async () => {
  const first = await startNewEden({ dataDir, corporations });
  const [corporation] = first.world.corporations;
  const corporationId = corporation?.corporationId as number;
  await control(first.url, "POST", "/clock", { advanceSeconds: 7200 });
  await control(first.url, "POST", "/members", { corporationId, join: 4 });
  await control(first.url, "POST", "/assets", { corporationId, changeFraction: 0.3 });
  const client = await Client.login(first.url, corporation?.ceo.characterId as number);
  const truth = (url: string) => control(url, "GET", `/truth/${corporationId}/assets?live=1`);
  const before = { assets: await truth(first.url), members: first.world.corporations[0]?.memberCount };
  await first.close();

  const second = await startNewEden({ dataDir });

  const members = await fetch(`${second.url}/corporations/${corporationId}/members`, {
    headers: { authorization: `Bearer ${client.tokens.access_token}`, "x-compatibility-date": "2026-08-18" },
  });
  const refreshed = await token(second.url, {
    grant_type: "refresh_token",
    refresh_token: client.tokens.refresh_token,
  });
  expect([members.status, refreshed.status]).toEqual([200, 200]);
  expect({ assets: await truth(second.url), members: second.world.corporations[0]?.memberCount }).toEqual(before);
  expect(second.clock.offsetMs).toBe(first.clock.offsetMs);
  await second.close();
});

test("what was done to a pilot, and their life, outlive the process", async () => {
  const first = await startNewEden({ dataDir, corporations });
  const characterId = first.world.pilots[0]?.characterId as number;
  const path = (dataset: string) => `/truth/character/${characterId}/${dataset}?live=1`;
  const life = (url: string) =>
    Promise.all(["skills", "skill-queue", "wallet-journal", "ship"].map((name) => control(url, "GET", path(name))));
  await control(first.url, "POST", "/clock", { advanceSeconds: 7200 });
  await control(first.url, "POST", "/pilots", { characterId, amount: 5e6, changeFraction: 0.5, isOnline: true });
  const before = await life(first.url);
  await first.close();

  const second = await startNewEden({ dataDir });
  const after = await life(second.url);
  await second.close();

  expect(after).toEqual(before);
});

test("a refresh token that was replaced just before a restart still has its grace, and no more", async () => {
  const first = await startNewEden({ dataDir, corporations });
  const client = await Client.login(first.url, first.world.corporations[0]?.ceo.characterId as number);
  const form = { grant_type: "refresh_token", refresh_token: client.tokens.refresh_token };
  await token(first.url, form);
  await first.close();

  const second = await startNewEden({ dataDir });
  const inGrace = await token(second.url, form);
  second.clock.advance(3 * 60_000);
  const late = await token(second.url, form);
  await second.close();

  expect([inGrace.status, late.status]).toEqual([200, 400]);
});

test("a folder with another seed's world is refused", async () => {
  const first = await startNewEden({ dataDir, corporations, seed: "one" });
  await first.close();

  const attempt = startNewEden({ dataDir, seed: "other" });

  await expect(attempt).rejects.toThrow('world of seed "one"');
});

test("a world that was left for weeks tells each day that it lives through before it answers", async () => {
  const first = await startNewEden({ dataDir, corporations });
  const began = first.clock.now();
  first.clock.advance(21 * 86_400_000);
  await first.close();
  const days: number[] = [];

  const second = await startNewEden({ dataDir, onCatchUp: (atMs) => days.push(atMs) });

  await second.close();
  expect(days).toHaveLength(22);
  expect(days).toEqual([...days].sort((a, b) => a - b));
  expect(days.at(-1)).toBeGreaterThanOrEqual(began + 21 * 86_400_000);
});

async function launch(): Promise<{ child: ChildProcess; url: string; offsets: number[] }> {
  const entry = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = fork(entry, ["--port", "0", "--data", dataDir], { execArgv: ["--import", "tsx"], stdio: "ignore" });
  const offsets: number[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.on("message", (message: { type: string; url: string; offsetMs: number }) => {
      if (message.type === "clock") offsets.push(message.offsetMs);
      if (message.type === "ready") resolve(message.url);
    });
    child.once("exit", () => reject(new Error("New Eden ended before it was ready.")));
  });
  return { child, url, offsets };
}

test("a killed process loses no refresh token; a child tells its clock and ends with its parent's channel", async () => {
  const first = await launch();
  const { corporations: known } = await control<{ corporations: { ceo: { characterId: number } }[] }>(
    first.url,
    "GET",
    "/world",
  );
  const client = await Client.login(first.url, known[0]?.ceo.characterId as number);
  await control(first.url, "POST", "/clock", { advanceSeconds: 60 });
  const killed = once(first.child, "exit");
  first.child.kill("SIGKILL");
  await killed;

  const second = await launch();
  const { status } = await token(second.url, {
    grant_type: "refresh_token",
    refresh_token: client.tokens.refresh_token,
  });
  const ended = once(second.child, "exit");
  second.child.disconnect();
  const [code] = await ended;

  expect(first.offsets).toEqual([0, 60_000]);
  expect(second.offsets).toEqual([60_000]);
  expect([status, code]).toEqual([200, 0]);
});

test("on a port that is in use it says so, or takes another one where any will do", async () => {
  const first = await startNewEden({ corporations });
  const port = Number(new URL(first.url).port);

  const refused = await startNewEden({ corporations, port }).catch((error) => error.code);
  const second = await startNewEden({ corporations, port, orAnyPort: true });
  const { status } = await fetch(`${second.url}/_control/world`);
  await Promise.all([first.close(), second.close()]);

  expect([refused, status]).toEqual(["EADDRINUSE", 200]);
  expect(second.url).not.toBe(first.url);
});
