import { expect, test } from "vitest";
import { mapConcurrent } from "./index.ts";

/** Bodies that end when they are told to. */
function heldBodies() {
  const begun: { item: number; end: () => void; fail: (error: Error) => void }[] = [];
  const body = (item: number) =>
    new Promise<void>((resolve, reject) => begun.push({ item, end: resolve, fail: reject }));
  return { begun, body };
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test("no more than so many run at a time, in the order of the items", async () => {
  const { begun, body } = heldBodies();

  const running = mapConcurrent(2, [1, 2, 3], body);
  await settled();
  const atFirst = begun.map(({ item }) => item);
  begun[1]?.end();
  await settled();
  const then = begun.map(({ item }) => item);
  for (const { end } of begun) end();
  await running;

  expect([atFirst, then]).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

test("after a failure nothing more begins, and it is thrown when what had begun has ended", async () => {
  const { begun, body } = heldBodies();
  let isOver = false;

  const running = mapConcurrent(2, [1, 2, 3, 4], body).finally(() => {
    isOver = true;
  });
  await settled();
  begun[0]?.fail(new Error("no"));
  await settled();
  const wasOver = isOver;
  begun[1]?.end();

  await expect(running).rejects.toThrow("no");
  expect(wasOver).toBe(false);
  expect(begun).toHaveLength(2);
});

test("nothing to do is done at once", async () => {
  const { begun, body } = heldBodies();

  await mapConcurrent(4, [], body);

  expect(begun).toEqual([]);
});
