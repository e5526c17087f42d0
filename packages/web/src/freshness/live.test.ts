import { QueryClient, type QueryMeta, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { publish } from "../api/connection.ts";
import type { Freshness, SocketMessage } from "../api/contract.ts";
import { characterOwner, corporationOwner } from "../api/owner.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { directorsQuery } from "../director/query.ts";
import { followOwners } from "./live.ts";
import { freshnessQuery } from "./query.ts";

let queries: QueryClient;
let stop: () => void;

beforeEach(() => {
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: false } } });
  stop = followOwners(queries, 1);
});

afterEach(() => {
  stop();
  queries.clear();
});

/** A page that shows what a query reads; counts how often it has asked. */
function show(queryKey: readonly unknown[], answer: () => unknown = () => [], meta: QueryMeta = {}) {
  const ask = vi.fn(async () => answer());
  new QueryObserver(queries, { queryKey, queryFn: ask, meta }).subscribe(() => undefined);
  return ask;
}

type News = SocketMessage extends infer Message
  ? Message extends unknown
    ? Omit<Message, "id" | "at">
    : never
  : never;
const hear = (news: News) => publish({ ...news, id: "1", at: new Date().toISOString() } as SocketMessage);

const subscribed = (...topics: string[]) =>
  hear({ type: "subscribed", topic: "connection", data: { topics, refused: ["corporation:3"] } });

const refreshed = (corporationId: number, dataset: string) =>
  hear({
    type: "dataset.refreshed",
    topic: `corporation:${corporationId}`,
    data: {
      dataset,
      freshness: { dataset, version: 2, rows: 1 } as Freshness,
      summary: { added: 0, removed: 0, changed: 0, total: 1 },
    },
  });

const boardOf = (corporationId: number) => freshnessQuery(corporationOwner(corporationId)).queryKey;
const times = (ask: () => unknown, count: number) => vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(count), 20_000);

const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();
const justNow = () => new Date().toISOString();
const showRows = (corporationId: number, dataset: string, ...datasets: string[]) =>
  show(["corporation", corporationId, "rows", dataset], () => [], {
    owner: corporationOwner(corporationId),
    datasets: [dataset, ...datasets],
  });

test("boards read before the subscription are read again, of the corporations subscribed to alone", async () => {
  const [board, other, refused] = [boardOf(1), boardOf(2), boardOf(3)].map((key) => show(key));
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  subscribed("user", "corporation:1");

  await times(board as () => unknown, 2);
  expect(other).toHaveBeenCalledTimes(1);
  expect(refused).toHaveBeenCalledTimes(1);
});

test("of the rows only those are read again whose dataset has changed since, as the new board says", async () => {
  const boards = [
    [],
    [
      { dataset: "assets", changedAt: justNow() },
      { dataset: "orders", changedAt: hourAgo() },
    ],
  ];
  show(boardOf(1), () => boards.shift());
  const [assets, orders, made, foreign] = [
    showRows(1, "assets"),
    showRows(1, "orders"),
    showRows(1, "location-names", "assets"),
    showRows(2, "assets"),
  ];
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  subscribed("corporation:1", "corporation:2");

  await times(assets, 2);
  await times(made, 2);
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);
  expect(orders).toHaveBeenCalledTimes(1);
  expect(foreign).toHaveBeenCalledTimes(2);
});

test.each([
  [
    "cannot be read again",
    () => show(boardOf(1), vi.fn().mockReturnValueOnce([]).mockRejectedValue(new Error("down"))),
  ],
  ["is shown by nobody", () => queries.setQueryData(boardOf(1), [])],
])("all rows are read again where the board %s", async (_, provide) => {
  provide();
  const rows = showRows(1, "assets");
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  subscribed("corporation:1");

  await times(rows, 2);
});

test("rows read an hour ago are read again when their dataset has changed since", async () => {
  show(boardOf(1), () => [{ dataset: "assets", changedAt: hourAgo() }]);
  const rows = showRows(1, "assets");
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);
  queries.setQueryData(["corporation", 1, "rows", "assets"], [], { updatedAt: Date.now() - 2 * 3_600_000 });

  subscribed("corporation:1");

  await times(rows, 2);
});

test("a board whose first request is open at the subscription is read once more after it", async () => {
  let answerFirst: (value: unknown) => void = () => undefined;
  const answers = [new Promise((resolve) => (answerFirst = resolve)), [{ dataset: "assets", version: 2 }]];
  const ask = show(boardOf(1), () => answers.shift());
  await times(ask, 1);

  subscribed("corporation:1");
  answerFirst([{ dataset: "assets", version: 1 }]);

  await vi.waitFor(() => expect(queries.getQueryData(boardOf(1))).toEqual([{ dataset: "assets", version: 2 }]), 20_000);
});

test("a burst of refreshes reads the directors and the list again once, and the next burst once more", async () => {
  const directors = show(directorsQuery(1).queryKey);
  const list = show(corporationsQuery.queryKey);
  const others = show(directorsQuery(2).queryKey);
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  for (const dataset of ["assets", "orders", "members"]) refreshed(1, dataset);
  await times(directors, 2);
  await times(list, 2);
  refreshed(1, "assets");

  await times(directors, 3);
  expect(others).toHaveBeenCalledTimes(1);
});

test("news of a character goes to its own board and rows, and not to a corporation of the same id", async () => {
  const owner = characterOwner(1);
  queries.setQueryData(freshnessQuery(owner).queryKey, [{ dataset: "assets", version: 1 } as Freshness]);
  const mine = show(["character", 1, "rows", "assets"], () => [], { owner, datasets: ["assets"] });
  const other = showRows(1, "assets");
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  hear({
    type: "dataset.refreshed",
    topic: "character:1",
    data: {
      dataset: "assets",
      freshness: { dataset: "assets", version: 2, rows: 1 } as Freshness,
      summary: { added: 0, removed: 0, changed: 0, total: 1 },
    },
  });

  await times(mine, 2);
  expect(queries.getQueryData(freshnessQuery(owner).queryKey)).toMatchObject([{ version: 2 }]);
  expect(other).toHaveBeenCalledTimes(1);
});
