import { randomInt } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import * as Esi from "./index.ts";
import { caught, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const { Budget } = Esi;
const serve = setUpScriptedEsi();

const group = "corp-member";
const minuteMs = 60_000;
const windowMs = 15 * minuteMs;
let now: number;
let characterId: number;

beforeEach(() => {
  now = Date.parse("2026-09-01T12:00:00Z");
  vi.useFakeTimers({ toFake: ["Date"], now });
  characterId = randomInt(90_000_000, 98_000_000);
});

const ask = () =>
  Esi.request("GetCorporationsCorporationIdMembers", {
    path: { corporation_id: randomInt(1e9) },
    accessToken: "token",
    characterId,
  });

const entry = (over: Partial<Esi.Budget.Entry> = {}): Esi.Budget.Entry => ({
  group,
  limit: 300,
  windowMs,
  spent: [],
  ...over,
});

/** ESI refuses with 429 for five minutes. */
const refuse = () => serve(() => ({ status: 429, headers: { "retry-after": "300" } }));

test("who must wait after a 429 waits, although another process has stored a bucket that is not blocked", async () => {
  const esi = await refuse();
  const refusal = await caught(ask());
  const asked = esi.received.length;

  Budget.restore(characterId, [entry()]);
  const again = await caught(ask());

  expect(again).toMatchObject({ kind: "rate_limited", retryAt: refusal.retryAt });
  expect(Budget.remaining(group, characterId)).toBe(0);
  expect(esi.received).toHaveLength(asked);
});

test("a 429 that another process was told is kept to here, until its time and no longer", async () => {
  const esi = await serve(() => ({ body: [1] }));
  Budget.restore(characterId, [entry({ blockedUntil: now + 5 * minuteMs })]);

  const refused = await caught(ask());
  const askedMeanwhile = esi.received.length;
  vi.setSystemTime(now + 5 * minuteMs + 1);
  const { data } = await ask();

  expect(refused).toMatchObject({ kind: "rate_limited", retryAt: now + 5 * minuteMs });
  expect(askedMeanwhile).toBe(0);
  expect(data).toEqual([1]);
});

test("a 429 is stored with the bucket while it lasts", async () => {
  await refuse();
  const { retryAt } = await caught(ask());

  const during = Budget.snapshot(characterId);
  vi.setSystemTime((retryAt ?? 0) + 1);

  expect(during).toMatchObject([{ group, blockedUntil: retryAt }]);
  expect(Budget.snapshot(characterId)[0]).not.toHaveProperty("blockedUntil");
});

test("of a stored bucket that is blocked nothing is left for people or background work, of one that was the rest is", () => {
  const blocked = entry({ spent: [[now - minuteMs, 100]], blockedUntil: now + 1 });
  const free = { ...blocked, blockedUntil: now };

  const shown = Budget.left([blocked, free, entry()]).map(({ remaining }) => remaining);
  const spendable = [blocked, free, entry()].map((each) => Budget.spendable(each, now));

  expect(shown).toEqual([0, 200, 300]);
  expect(spendable[0]).toBe(0);
  expect(spendable[1]).toBe((spendable[2] as number) - 100);
});

test("a stored bucket can pay once tokens are back and its block is over, whichever is later", () => {
  const spent: Esi.Budget.Entry["spent"] = [[now - minuteMs, 300]];
  const back = now - minuteMs + windowMs;
  const at = (over: Partial<Esi.Budget.Entry>) => Budget.spendableAt(entry(over), 20, now);

  expect(at({})).toBe(now);
  expect(at({ spent })).toBe(back);
  expect(at({ blockedUntil: now + minuteMs })).toBe(now + minuteMs);
  expect(at({ spent, blockedUntil: now + minuteMs })).toBe(back);
  expect(at({ spent, blockedUntil: back + minuteMs })).toBe(back + minuteMs);
});
