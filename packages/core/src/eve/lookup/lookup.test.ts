import fc from "fast-check";
import { expect, test } from "vitest";
import { EsiError, type EsiErrorKind } from "../esi/index.ts";
import { askInBatches } from "./index.ts";

interface Entry {
  id: number;
}

const operation = "PostUniverseNames";
const error = (kind: EsiErrorKind) => new EsiError(kind, operation, "scripted");
const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Looks up with an ESI that answers as told; every list that was asked for is kept. */
async function lookUp(wanted: number[], answer: (list: number[]) => unknown, mayRisk = () => true) {
  const asked: number[][] = [];
  let refusals = 0;
  const found = await askInBatches<Entry>(wanted, {
    operation,
    idOf: ({ id }) => id,
    mayRisk,
    onRefusal: () => {
      refusals += 1;
    },
    ask: async (list) => {
      asked.push(list);
      const data = answer(list);
      if (data instanceof Error) throw data;
      return { data, cost: 2 };
    },
  });
  return { found, asked, refusals };
}

const entries = (list: number[]) => list.map((id) => ({ id }));
const refusing = (unknown: (id: number) => boolean, kind: EsiErrorKind) => (list: number[]) =>
  list.some(unknown) ? error(kind) : entries(list);

test("ids are asked for once each, a thousand in a call, and the cost of the calls is added up", async () => {
  const { found, asked, refusals } = await lookUp([...ids(2001), 1, 2], entries);

  expect(asked.map(({ length }) => length)).toEqual([1000, 1000, 1]);
  expect([found.answers.size, found.cost, found.isUnfinished, refusals]).toEqual([2001, 6, false, 0]);
});

test("whichever ids ESI does not know, each is found alone and every other is answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 5 }), async (unknown) => {
      const isUnknown = (id: number) => unknown.includes(id);

      const { found, refusals } = await lookUp(ids(300), refusing(isUnknown, "not_found"));

      expect([...found.refused].sort((a, b) => a - b)).toEqual([...unknown].sort((a, b) => a - b));
      expect([found.answers.size, found.failed, found.isUnfinished]).toEqual([300 - unknown.length, [], false]);
      expect(refusals > 0).toBe(unknown.length > 0);
    }),
    { numRuns: 50 },
  );
});

test.each<EsiErrorKind>(["forbidden", "unauthorized"])(
  "who is refused as %s is told so at once, whatever was answered before",
  async (kind) => {
    let calls = 0;
    const answer = (list: number[]) => {
      calls += 1;
      return calls === 1 ? entries(list) : error(kind);
    };

    await expect(lookUp(ids(2500), answer)).rejects.toMatchObject({ kind });

    expect(calls).toBe(2);
  },
);

test("a mistake of ours is no failure of ESI's, and is thrown on", async () => {
  await expect(lookUp(ids(3), () => new TypeError("ours"))).rejects.toThrow(TypeError);
});

test.each<[string, unknown]>([
  ["no list", { id: 1 }],
  ["an empty list", []],
  ["a list without anything asked for", [{ id: 99 }, null, 7, { id: "1" }]],
])("an answer that is %s says nothing of any id, and fails as malformed", async (_, data) => {
  await expect(lookUp(ids(4), () => data)).rejects.toMatchObject({ kind: "malformed" });
});

test("an id left out of an answer failed alone; what was not asked for is not taken", async () => {
  const { found } = await lookUp(ids(4), () => [{ id: 1 }, null, { id: 3 }, { id: 99 }]);

  expect([...found.answers.keys()]).toEqual([1, 3]);
  expect([found.failed, found.refused]).toEqual([[2, 4], []]);
});

test("the id that ESI stumbles over is found as well, and is what failed", async () => {
  const { found, refusals } = await lookUp(
    ids(16),
    refusing((id) => id === 11, "server"),
  );

  expect([found.failed, found.answers.size, found.error?.kind, refusals]).toEqual([[11], 15, "server", 0]);
});

test("an ESI that fails whatever is asked is asked four times, and its failure thrown", async () => {
  let calls = 0;
  const answer = () => {
    calls += 1;
    return error("timeout");
  };

  await expect(lookUp(ids(64), answer)).rejects.toMatchObject({ kind: "timeout" });

  expect(calls).toBe(4);
});

test("an ESI that began to answer is let fail eight times", async () => {
  const { found, asked } = await lookUp(ids(3000), (list) => (list.includes(1) ? entries(list) : error("server")));

  expect(asked).toHaveLength(9);
  expect([found.isUnfinished, found.error?.kind, found.answers.size]).toEqual([true, "server", 1000]);
});

test.each<EsiErrorKind>(["error_limited", "rate_limited", "network", "downtime"])(
  "after %s nothing more is asked, and what was answered before counts",
  async (kind) => {
    const { found, asked } = await lookUp(ids(3000), (list) => (list.includes(1) ? entries(list) : error(kind)));

    expect(asked).toHaveLength(2);
    expect([found.answers.size, found.failed, found.isUnfinished]).toEqual([1000, [], true]);
    await expect(lookUp(ids(3), () => error(kind))).rejects.toMatchObject({ kind });
  },
);

test("what was refused counts as an answer: a failure after it is told and not thrown", async () => {
  const answer = (list: number[]) => (list.length === 1 && list[0] === 1 ? error("not_found") : error("network"));

  const { found } = await lookUp([1, ...ids(1001)], (list) => (list.length > 1 ? error("not_found") : answer(list)));

  expect([found.refused, found.isUnfinished, found.error?.kind]).toEqual([[1], true, "network"]);
});

test("where no further refusal may be risked the rest is left for another time", async () => {
  let left = 2;
  const { found, asked } = await lookUp(
    ids(8),
    refusing((id) => id === 8, "not_found"),
    () => left-- > 0,
  );

  expect([asked.length, found.isUnfinished, found.refused]).toEqual([2, true, []]);
  expect([...found.answers.keys()]).toEqual([1, 2, 3, 4]);
});
