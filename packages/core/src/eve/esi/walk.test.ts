import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Esi from "./index.ts";
import { caught, type Received, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const caller = () => ({ accessToken: "token", characterId: randomInt(90_000_000, 98_000_000) });
/** Transactions `1..count`, newest first, ten an answer; the one that `from_id` names is part of it, as in ESI. */
const transactions = (count: number) => (request: Received) => {
  const from = Number(request.query.get("from_id") ?? count);
  const ids = Array.from({ length: Math.min(10, from) }, (_, index) => from - index);
  return { headers: { etag: `"${count}"` }, body: ids.map((transaction_id) => ({ transaction_id })) };
};

const walk = (
  known: number,
  etag?: string,
  more: { gaps?: number[]; heldUntil?: number; isKnown?: (id: number) => boolean } = {},
) =>
  Esi.fromId("GetCorporationsCorporationIdWalletsDivisionTransactions", {
    path: { corporation_id: 1, division: 1 },
    ...caller(),
    idField: "transaction_id",
    until: (row) => (more.isKnown ? more.isKnown(row.transaction_id) : row.transaction_id <= known),
    etag,
    gaps: more.gaps,
    heldUntil: more.heldUntil,
  });

const idsOf = (rows: { transaction_id: number }[]) => rows.map((row) => row.transaction_id);
const downFrom = (first: number, last: number) => Array.from({ length: first - last + 1 }, (_, index) => first - index);

test("transactions are walked back to the first one, each once", async () => {
  await serve(transactions(35));

  const history = await walk(0);

  expect(idsOf(history.rows)).toEqual(downFrom(35, 1));
  expect(history.changed).toBe(true);
});

test("the walk ends at what is known", async () => {
  const esi = await serve(transactions(1000));

  const history = await walk(975);

  expect(idsOf(history.rows)).toEqual(downFrom(1000, 976));
  expect(esi.received).toHaveLength(3);
});

test("malformed rows are handed on and lead the walk nowhere", async () => {
  const esi = await serve(({ query }) => ({
    body: query.has("from_id") ? [{ transaction_id: 8 }] : [{ transaction_id: "x" }, { transaction_id: 8 }, {}],
  }));

  const history = await walk(0);

  expect(history.rows).toHaveLength(3);
  expect(esi.received.map(({ query }) => query.get("from_id"))).toEqual([null, "8"]);
});

test("what was read counts although an older answer fails each time; the gap is named, and filled by the next walk", async () => {
  const fails = (request: Received) => Number(request.query.get("from_id") ?? 99) < 85;
  await serve((request) => (fails(request) ? { status: 500 } : transactions(100)(request)));
  const first = await walk(50);
  const stored = new Set(idsOf(first.rows));
  const isKnown = (id: number) => stored.has(id) || id <= 50;
  const grown = await serve(transactions(103));

  const second = await walk(0, undefined, { gaps: first.gaps, isKnown });

  expect(first).toMatchObject({ changed: true, gaps: [82], failure: { kind: "server" } });
  expect(idsOf(first.rows)).toEqual(downFrom(100, 82));
  expect(second.gaps).toEqual([]);
  expect(second.failure).toBeUndefined();
  expect(idsOf(second.rows)).toEqual([...downFrom(103, 101), ...downFrom(81, 51)]);
  expect(grown.received).toHaveLength(5);
});

test("several gaps are kept until each is filled, and one that ESI has dropped is closed", async () => {
  const isKnown = (id: number) => (id <= 100 && id >= 82) || (id <= 60 && id >= 55) || id <= 20;
  await serve(({ query }) => (query.has("from_id") ? { status: 502 } : transactions(130)({ query } as Received)));
  const failing = await walk(0, undefined, { gaps: [82, 55], isKnown });
  // By now ESI keeps nothing older than 90.
  await serve((request) => ({
    ...transactions(130)(request),
    ...(Number(request.query.get("from_id")) < 90 ? { body: [] } : {}),
  }));
  const late = await walk(0, undefined, { gaps: failing.gaps, isKnown: (id) => isKnown(id) || id > 120 });

  expect(failing.gaps).toEqual([121, 82, 55]);
  expect(idsOf(late.rows)).toEqual(downFrom(120, 101));
  expect(late.gaps).toEqual([]);
});

test("while the newest answer holds only gaps are asked for", async () => {
  const esi = await serve(transactions(100));

  const history = await walk(20, '"100"', { gaps: [30], heldUntil: Date.now() + 60_000 });

  expect(esi.received.map(({ query }) => query.get("from_id"))).toEqual(["30", "21"]);
  expect(history).toMatchObject({ etag: '"100"', gaps: [] });
});

test("a walk that does not end is cut short, and what it found is kept", async () => {
  // A bucket that is never spent: it would end the walk before.
  const headers = { "x-ratelimit-limit": "100000/15m", "x-ratelimit-remaining": "90000" };
  const esi = await serve(({ query }) => ({
    headers,
    body: [{ transaction_id: Number(query.get("from_id") ?? 5001) - 1 }],
  }));

  const history = await walk(0);

  expect(esi.received).toHaveLength(1000);
  expect(history).toMatchObject({ gaps: [4001], failure: { kind: "torn" } });
  expect(history.rows).toHaveLength(1000);
});

test("who is no longer let in is told so, whatever was read", async () => {
  await serve(({ query }) => (query.has("from_id") ? { status: 401 } : transactions(100)({ query } as Received)));

  expect(await caught(walk(0))).toMatchObject({ kind: "unauthorized" });
});

test("what is wrong in our own code is no gap in a history", async () => {
  await serve(transactions(35));

  const attempt = walk(0, undefined, {
    isKnown: (id) => {
      if (id < 30) throw new SyntaxError("no");
      return false;
    },
  });

  await expect(attempt).rejects.toThrow(SyntaxError);
});

test("no transactions at all is an empty history", async () => {
  const esi = await serve(() => ({ body: [] }));

  const history = await walk(0);

  expect(history).toMatchObject({ changed: true, rows: [] });
  expect(esi.received).toHaveLength(1);
});

test("an unchanged newest page is one request for one token", async () => {
  const esi = await serve(() => ({ status: 304 }));

  const history = await walk(5, '"known"');

  expect(history).toMatchObject({ changed: false, rows: [], etag: '"known"', cost: 1 });
  expect(esi.received).toHaveLength(1);
});

/** A feed of ten records an answer whose tokens are positions in the order of change. */
const projects = (order: string[]) => (request: Received) => {
  const before = request.query.get("before");
  const after = request.query.get("after");
  const end = before ? Number(before) : after ? Math.min(order.length, Number(after) + 10) : order.length;
  const start = after ? Number(after) : Math.max(0, end - 10);
  const cursor = { before: String(start), after: String(end) };
  const listed = order.slice(start, end).map((name, index) => ({ id: name, name: `${name}@${start + index}` }));
  return { body: { projects: listed, cursor } };
};

const feed = (after?: string) =>
  Esi.cursor("GetCorporationsProjectsListing", {
    path: { corporation_id: 1 },
    ...caller(),
    after,
    rowsOf: (data) => data.projects,
    keyOf: (project) => project.id,
  });

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

test("a feed is walked back to its end and knows where to go on", async () => {
  await serve(projects(names(35)));

  const all = await feed();

  expect(new Set(all.rows.map((row) => row.id))).toEqual(new Set(names(35)));
  expect(all.after).toBe("35");
});

test("later only what is new is read, and a changed record replaces its older form", async () => {
  const order = [...names(30), "p3", "p4", "p3"];
  const esi = await serve(projects(order));

  const news = await feed("30");

  expect(news.rows.map((row) => row.name).sort()).toEqual(["p3@32", "p4@31"]);
  expect(news.after).toBe("33");
  expect(esi.received).toHaveLength(2);
});

/** As `projects`, but nothing is answered from the third step on. */
const failingAfterTwo = (order: string[], status: number) => {
  let steps = 0;
  return (request: Received) => {
    steps += 1;
    return steps > 2 ? { status } : projects(order)(request);
  };
};

test("news that are cut short count, and the next walk goes on from there", async () => {
  await serve(failingAfterTwo(names(90), 500));
  const cut = await feed("30");
  await serve(projects(names(90)));

  const rest = await feed(cut.after);

  expect(cut).toMatchObject({ after: "50", failure: { kind: "server" } });
  expect(cut.rows.map((row) => row.id)).toEqual(names(90).slice(30, 50));
  expect(rest.rows.map((row) => row.id)).toEqual(names(90).slice(50));
  expect(rest.failure).toBeUndefined();
});

test("a feed that is cut short on its way back gives what it has, and begins anew the next time", async () => {
  await serve(failingAfterTwo(names(90), 500));

  const cut = await feed();

  expect(cut).toMatchObject({ after: undefined, failure: { kind: "server" } });
  expect(new Set(cut.rows.map((row) => row.id))).toEqual(new Set(names(90).slice(70)));
});

test.each([
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not_found"],
  [400, "bad_request"],
])("a status of %s in the midst of a feed is told, whatever was read", async (status, kind) => {
  await serve(failingAfterTwo(names(90), status));

  expect(await caught(feed("30"))).toMatchObject({ kind });
});

test("nothing new keeps the place", async () => {
  await serve(projects(names(30)));

  const news = await feed("30");

  expect(news).toMatchObject({ rows: [], after: "30" });
});

test("an answer without records moves no cursor on, whatever it says", async () => {
  await serve(() => ({ body: { projects: [], cursor: { before: "20", after: "40" } } }));

  const [first, later] = [await feed(), await feed("30")];

  expect([first.after, later.after]).toEqual([undefined, "30"]);
});

test("a cursor that runs in circles is torn, not endless", async () => {
  const esi = await serve((request) => {
    const next = request.query.get("before") === "a" ? "b" : "a";
    return { body: { projects: [{ id: next, name: next }], cursor: { before: next, after: "z" } } };
  });

  const error = await caught(feed());

  expect(error).toMatchObject({ kind: "torn", retryable: true });
  expect(esi.received.length).toBeLessThan(6);
});
