import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Freshness, SocketMessage } from "../api/contract.ts";
import { publish } from "../api/live.ts";
import { followCorporations } from "./live.ts";
import { corporationsQuery, directorsQuery, freshnessQuery } from "./query.ts";

let queries: QueryClient;
let stop: () => void;

beforeEach(() => {
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  stop = followCorporations(queries, 1);
});

afterEach(() => {
  stop();
  queries.clear();
});

/** A page that shows what a query reads; counts how often it has asked. */
function show(queryKey: readonly unknown[], answer: () => unknown = () => []) {
  const ask = vi.fn(async () => answer());
  new QueryObserver(queries, { queryKey, queryFn: ask }).subscribe(() => undefined);
  return ask;
}

type News = SocketMessage extends infer Message
  ? Message extends unknown
    ? Omit<Message, "id" | "at">
    : never
  : never;
const hear = (news: News) => publish({ ...news, id: "1", at: "2026-11-21T12:00:00.000Z" } as SocketMessage);

const subscribed = (...topics: string[]) =>
  hear({ type: "subscribed", topic: "connection", data: { topics, refused: ["corporation:3"] } });

const refreshed = (corporationId: number, dataset: string) =>
  hear({
    type: "dataset.refreshed",
    topic: `corporation:${corporationId}`,
    data: {
      corporationId,
      dataset,
      freshness: { dataset, version: 2, rows: 1 } as Freshness,
      summary: { added: 0, removed: 0, changed: 0, total: 1 },
    },
  });

const boardOf = (corporationId: number) => freshnessQuery(corporationId).queryKey;
const times = (ask: () => unknown, count: number) => vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(count), 20_000);

test("what was read before the subscription is read again, of the corporations subscribed to alone", async () => {
  const [board, rows, other, refused] = [boardOf(1), ["corporation", 1, "rows", "assets"], boardOf(2), boardOf(3)].map(
    (key) => show(key),
  );
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0), 20_000);

  subscribed("user", "corporation:1");

  await times(board as () => unknown, 2);
  await times(rows as () => unknown, 2);
  expect(other).toHaveBeenCalledTimes(1);
  expect(refused).toHaveBeenCalledTimes(1);
});

test("a board whose first answer is still on its way at the subscription is asked once more after it", async () => {
  let answerFirst: (value: unknown) => void = () => undefined;
  const answers = [new Promise((resolve) => (answerFirst = resolve)), [{ dataset: "assets", version: 2 }]];
  const ask = show(boardOf(1), () => answers.shift());
  await times(ask, 1);

  subscribed("corporation:1");
  answerFirst([{ dataset: "assets", version: 1 }]);

  await vi.waitFor(() => expect(queries.getQueryData(boardOf(1))).toEqual([{ dataset: "assets", version: 2 }]), 20_000);
});

test("a burst of refreshes has the directors and the list read again once, and the next one once more", async () => {
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
