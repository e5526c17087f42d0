import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import * as Credential from "../../platform/credential/index.ts";
import * as Session from "./index.ts";
import { SessionEntity } from "./session.entity.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** The value of a new session's cookie. */
const newCookie = async () => (await Session.createSession(randomUUID())).replace(/^tapi=|;.*/g, "");
const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

test("a session's cookie is random and only its hash is stored", async () => {
  const cookie = await newCookie();

  const { data } = await SessionEntity()
    .get({ sessionId: Credential.hash(cookie) })
    .go({ data: "raw" });

  expect(cookie).toMatch(/^[\w-]{43}$/);
  expect(data).toBeTruthy();
  expect(JSON.stringify(data)).not.toContain(cookie);
});

test("a session slides seven days on with use, but never beyond thirty", async () => {
  const cookie = await newCookie();
  const createdAt = Date.now();
  const alive = [];

  for (let day = 6; day <= 36; day += 6) {
    later(6 * 24 * 3600_000);
    alive.push(Boolean(await Session.resolve(cookie)));
  }

  const { data } = await SessionEntity()
    .get({ sessionId: Credential.hash(cookie) })
    .go();
  expect(alive).toEqual([true, true, true, true, false, false]);
  expect(data?.expiresAt).toBeLessThanOrEqual((createdAt + 30 * 24 * 3600_000) / 1000 + 1);
});

test("a session that is not used for seven days ends", async () => {
  const cookie = await newCookie();
  later(7 * 24 * 3600_000 + 2_000);

  expect(await Session.resolve(cookie)).toBeUndefined();
});

test("a session is written at most once an hour", async () => {
  const cookie = await newCookie();
  const seenAt = async () =>
    (
      await SessionEntity()
        .get({ sessionId: Credential.hash(cookie) })
        .go()
    ).data?.seenAt;
  const first = await seenAt();

  later(59 * 60_000);
  await Session.resolve(cookie);
  const before = await seenAt();
  later(2 * 60_000);
  await Session.resolve(cookie);

  expect(before).toBe(first);
  expect(await seenAt()).toBeGreaterThan(first ?? 0);
});

test("an unknown session cookie is nobody's", async () => {
  expect(await Session.resolve(Credential.create())).toBeUndefined();
});
