import { expect, test } from "vitest";
import { coalesce } from "./coalesce.ts";

interface Started {
  signal: AbortSignal;
  finish: (answer: string) => void;
}

/** What was begun under one key. */
function setUp() {
  const key = crypto.randomUUID();
  const started: Started[] = [];
  const join = (signal?: AbortSignal) =>
    coalesce(
      key,
      signal,
      (own) =>
        new Promise<string>((resolve, reject) => {
          started.push({ signal: own, finish: resolve });
          own.addEventListener("abort", () => reject(own.reason), { once: true });
        }),
    );
  return { started, join };
}

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  );

test("a request is called off when the last of those who wait for it has left, not before", async () => {
  const { started, join } = setUp();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = [first, second].map(({ signal }) => outcome(join(signal)));

  first.abort("bored");
  const afterOne = started[0]?.signal.aborted;
  second.abort("gone");

  expect(afterOne).toBe(false);
  expect(started[0]?.signal).toMatchObject({ aborted: true, reason: "gone" });
  expect(await Promise.all(left)).toEqual(["bored", "gone"]);
  expect(started).toHaveLength(1);
});

test("who comes after a request was called off begins a new one", async () => {
  const { started, join } = setUp();
  const leaver = new AbortController();
  const left = outcome(join(leaver.signal));
  leaver.abort("gone");

  const newcomer = join();
  await left;
  const another = join();

  expect(started).toHaveLength(2);
  started[1]?.finish("answer");
  expect(await Promise.all([newcomer, another])).toEqual(["answer", "answer"]);
});

test("who leaves with an answer in hand takes nothing from those who have asked anew", async () => {
  const { started, join } = setUp();
  const leaver = new AbortController();
  const waiting = join(leaver.signal);
  started[0]?.finish("answer");
  const answer = await waiting;

  const next = join();
  leaver.abort("gone");
  const another = join();
  started[1]?.finish("newer");

  expect([answer, await next, await another]).toEqual(["answer", "newer", "newer"]);
  expect(started).toHaveLength(2);
});

test("who has left already begins nothing", async () => {
  const { started, join } = setUp();

  expect(await outcome(join(AbortSignal.abort("gone")))).toBe("gone");
  expect(started).toHaveLength(0);
});
