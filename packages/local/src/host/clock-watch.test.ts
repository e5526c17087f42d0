import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ClockWatch, watchClock } from "./clock-watch.ts";

const dayMs = 86_400_000;

let dir: string;
let backs: number[];
let said: string[];
let watches: ClockWatch[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tapi-clock-"));
  [backs, said, watches] = [[], [], []];
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(async () => {
  await Promise.all(watches.map((watch) => watch.close()));
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

function start(onBack = async (byMs: number) => void backs.push(byMs)): ClockWatch {
  const watch = watchClock({ dataDir: dir, onBack, say: (line) => said.push(line) });
  watches.push(watch);
  return watch;
}

const move = (ms: number) => vi.setSystemTime(Date.now() + ms);

test("a clock that goes back while the host runs is noticed once", async () => {
  const watch = start();
  await watch.look();

  move(-dayMs);
  await watch.look();
  move(15_000);
  await watch.look();

  expect(backs).toEqual([dayMs]);
  expect(said).toEqual(["The clock has gone back by 24.0 hours: everything is looked at anew."]);
});

test("a clock that has gone back while the host was off is noticed at the start", async () => {
  const before = start();
  await before.look();
  await before.close();

  move(-dayMs);
  await start().look();

  expect(backs).toEqual([dayMs]);
});

test("a clock that went ahead since the last look before a stop, and is right again at the start, is noticed", async () => {
  const before = start();
  await before.look();
  move(dayMs);
  await before.close();

  move(-dayMs);
  await start().look();

  expect(backs).toEqual([dayMs]);
});

test("time that passes, a clock that goes ahead, and one that is put right by seconds change nothing", async () => {
  const watch = start();
  for (const ms of [0, 15_000, dayMs, -30_000, 15_000]) {
    move(ms);
    await watch.look();
  }

  expect({ backs, said }).toEqual({ backs: [], said: [] });
});

test("what cannot be done about it at once is tried again at the next look", async () => {
  let broken = true;
  const watch = start(async (byMs) => {
    if (broken) throw new Error("no database");
    backs.push(byMs);
  });
  await watch.look();
  move(-dayMs);

  await watch.look();
  broken = false;
  await watch.look();

  expect(backs).toEqual([dayMs]);
  expect(said).toContain("Looking at the clock failed, and is tried again: no database");
});

test.each(["", "{", '{"at":"x"}'])("a file of the latest moment that holds %j is as good as none", async (text) => {
  writeFileSync(join(dir, "clock.json"), text);

  await start().look();

  expect(backs).toEqual([]);
  expect(JSON.parse(readFileSync(join(dir, "clock.json"), "utf8"))).toEqual({ at: Date.now() });
});
