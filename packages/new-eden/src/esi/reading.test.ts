import { expect, test } from "vitest";
import { Readings, type Served } from "./reading.ts";

const hour = 3_600_000;

/** Reads pages one after the other, a second apart; answers how many of them were too early. */
function reader() {
  const readings = new Readings();
  let nowMs = 0;
  const read = (page: number, serial: number, more: Partial<Served> = {}) => {
    nowMs += 1000;
    const served = { caller: "pilot", set: "assets", page, serial, expiresMs: serial * hour, nowMs };
    readings.note({ ...served, isDoubtful: false, isUnchanged: false, ...more });
    return readings.early;
  };
  const wait = (ms: number) => {
    nowMs += ms;
  };
  const forget = (corporationId: number, ...operationIds: string[]) => readings.forget({ corporationId }, operationIds);
  const miss = () => readings.miss("pilot", "assets");
  return { read, wait, forget, miss };
}

test("each page once per snapshot is fair, a second time is early", () => {
  const { read, wait } = reader();

  const first = [read(1, 1), read(2, 1), read(3, 1)];
  wait(hour);
  const second = [read(1, 2), read(2, 2), read(3, 2)];
  const again = [read(1, 2), read(3, 2)];

  expect([...first, ...second]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(again).toEqual([1, 2]);
});

test("a torn set may be read again whole, once", () => {
  const { read } = reader();

  const torn = [read(1, 1), read(2, 2), read(3, 2)];
  const again = [read(1, 2), read(2, 2), read(3, 2)];
  const once = read(2, 2);

  expect([...torn, ...again]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(once).toBe(1);
});

test("a set spoilt anew in its second reading may be read a third time", () => {
  const { read } = reader();

  read(1, 1);
  read(2, 1, { isDoubtful: true });
  read(3, 1);
  read(1, 1, { isDoubtful: true });
  read(2, 1);
  read(3, 1);
  const third = [read(1, 1), read(2, 1), read(3, 1)];

  expect(third).toEqual([0, 0, 0]);
  expect(read(1, 1)).toBe(1);
});

test("what was forgiven in one hour is not forgiven in the next", () => {
  const { read, wait } = reader();
  read(1, 1, { isDoubtful: true });
  read(1, 1);

  wait(hour);
  read(1, 2);
  const early = read(1, 2);

  expect(early).toBe(1);
});

test("callers and sets are told apart", () => {
  const { read } = reader();
  read(1, 1);

  const other = [read(1, 1, { caller: "director" }), read(1, 1, { set: "members" })];

  expect(other).toEqual([0, 0]);
});

test("a page that was not modified may be read in full once, for others of its set have changed", () => {
  const { read } = reader();

  const changed = [read(1, 1, { isUnchanged: true }), read(2, 1)];
  const inFull = read(1, 1);
  const again = [read(1, 1), read(2, 1)];

  expect([...changed, inFull]).toEqual([0, 0, 0]);
  expect(again).toEqual([1, 2]);
});

test("a set of which a page was not had may be read again whole, once", () => {
  const { read, miss } = reader();

  read(1, 1);
  miss();
  const again = [read(1, 1), read(2, 1)];
  const once = [read(1, 1), read(2, 1)];

  expect([again, once]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test("who died with an answer may ask again for that one, and for no other", () => {
  const { read, forget } = reader();
  const sets = [
    'GetAssets {"corporation_id":98000001}',
    'GetAssets {"corporation_id":98000002}',
    'GetMembers {"corporation_id":98000001}',
    'GetKillmail {"killmail_id":7}',
  ];
  for (const set of sets) read(1, 1, { set });

  forget(98000001, "GetAssets", "GetKillmail");
  const again = sets.map((set) => read(1, 1, { set }));

  expect(again).toEqual([0, 1, 2, 2]);
});
