import { expect, test, vi } from "vitest";
import { ApiError } from "./envelope.ts";
import { createQueryClient } from "./query-client.ts";

const failing = (failure: { status: number; retryAfterMs?: number }) =>
  new ApiError({ code: "any.code", message: "No.", ...failure });

/** Asks for something that fails so often before it answers. */
async function ask(failures: ApiError[]) {
  const [onSignedOut, onSlowedDown] = [vi.fn(), vi.fn()];
  const queries = createQueryClient({ onSignedOut, onSlowedDown });
  const waits: number[] = [];
  let askedAt = Date.now();
  const left = [...failures];
  const queryFn = async () => {
    waits.push(Date.now() - askedAt);
    askedAt = Date.now();
    const failure = left.shift();
    if (failure) throw failure;
    return "answer";
  };
  vi.useFakeTimers();
  try {
    const asking = queries.fetchQuery({ queryKey: ["any"], queryFn }).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return { answer: await asking, waits: waits.slice(1), onSignedOut, onSlowedDown };
  } finally {
    vi.useRealTimers();
  }
}

test("after too many requests the page waits as long as the server says, shows that, and gets the answer", async () => {
  const failure = failing({ status: 429, retryAfterMs: 20_000 });

  const { answer, waits, onSlowedDown } = await ask(Array(5).fill(failure));

  expect(answer).toBe("answer");
  expect(waits.every((waited) => waited > 20_000)).toBe(true);
  expect(onSlowedDown).toHaveBeenCalledTimes(5);
});

test.each([
  ["a wait of more than a minute", failing({ status: 429, retryAfterMs: 61_000 })],
  ["a refusal", failing({ status: 403 })],
  ["our own failure", failing({ status: 500 })],
])("%s is shown at once", async (_, failure) => {
  const { answer, waits } = await ask([failure]);

  expect(answer).toBe(failure);
  expect(waits).toEqual([]);
});

test("a lost connection and overload are tried twice more without a message", async () => {
  const { answer, waits, onSlowedDown } = await ask([failing({ status: 0 }), failing({ status: 503 })]);

  expect(answer).toBe("answer");
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  expect(onSlowedDown).not.toHaveBeenCalled();
});

test("a session's end is reported once", async () => {
  const { onSignedOut } = await ask([failing({ status: 401 })]);

  expect(onSignedOut).toHaveBeenCalledTimes(1);
});
