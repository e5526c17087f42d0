import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Esi from "./index.ts";
import { caught, type Received, type Scripted, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();
const operation = "GetCorporationsCorporationIdAssets";

/** What the simulated cache holds; a test changes it in the midst of a set. */
interface Cache {
  pages: number;
  /** Bumped when ESI has read its data anew: all pages get another Last-Modified. */
  moment: number;
  /** Bumped for a page whose rows changed. */
  versions: Record<number, number>;
  maxAge: number;
}

const dateOf = (moment: number) => new Date(Date.parse("2026-09-01T00:00:00Z") + moment * 1000).toUTCString();
const pageOf = (request: Received) => Number(request.query.get("page") ?? 1);

function answerFrom(cache: Cache, request: Received): Scripted {
  const page = pageOf(request);
  if (page > cache.pages) return { status: 404, body: { error: "no such page" } };
  const version = cache.versions[page] ?? 0;
  const etag = `"${page}-${version}"`;
  const headers = {
    etag,
    "x-pages": String(cache.pages),
    "last-modified": dateOf(cache.moment),
    "cache-control": `max-age=${cache.maxAge}`,
  };
  if (request.headers["if-none-match"] === etag) return { status: 304, headers };
  return { headers, body: [{ item_id: page * 1000 + version }] };
}

async function serveCache(cache: Partial<Cache>, before: (request: Received, count: number) => Scripted | undefined) {
  const whole: Cache = { pages: 5, moment: 0, versions: {}, maxAge: 3600, ...cache };
  const esi = await serve((request, count) => before(request, count) ?? answerFrom(whole, request));
  return { esi, cache: whole };
}

const plain = () => undefined;
const input = () => ({
  path: { corporation_id: 98_000_001 },
  accessToken: "token",
  characterId: randomInt(90_000_000, 98_000_000),
});
const idsOf = (set: Esi.PageSet<{ item_id: number }[]>) => set.pages?.map((rows) => rows.map((row) => row.item_id));
test("all pages are read, in order, for two tokens each", async () => {
  await serveCache({}, plain);
  const progress: [number, number][] = [];

  const set = await Esi.pages(operation, { ...input(), onProgress: (...step) => progress.push(step) });

  expect(set).toMatchObject({ changed: true, total: 5, cost: 10, lastModified: Date.parse(dateOf(0)) });
  expect(idsOf(set)).toEqual([[1000], [2000], [3000], [4000], [5000]]);
  expect(set.etags).toEqual(['"1-0"', '"2-0"', '"3-0"', '"4-0"', '"5-0"']);
  expect(progress[0]).toEqual([1, 5]);
  expect(progress.at(-1)).toEqual([5, 5]);
});

test("of each page only what is made of it is kept, and a page that is still the same is not made anew", async () => {
  const { cache } = await serveCache({ pages: 2 }, plain);
  const made: unknown[] = [];
  const read = (page: Buffer) => made.push(page);

  const set = await Esi.pages<number>(operation, { ...input(), read });
  const again = await Esi.pages<number>(operation, { ...input(), read, etags: set.etags });

  expect(set.pages).toEqual([1, 2]);
  expect(again.pages).toBeUndefined();
  expect(made).toHaveLength(cache.pages);
});

test("a set that has not changed costs one token a page and hands out no rows", async () => {
  await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);

  const again = await Esi.pages(operation, { ...who, etags });

  expect(again).toMatchObject({ changed: false, total: 5, cost: 5, etags });
  expect(again.pages).toBeUndefined();
});

test("a set of which some pages are handed out in full though they are the same has not changed", async () => {
  const { cache } = await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);
  await serveCache(cache, (request) => {
    delete request.headers[pageOf(request) % 2 ? "if-none-match" : ""];
    return undefined;
  });

  const again = await Esi.pages(operation, { ...who, etags });

  expect(again).toMatchObject({ changed: false, total: 5, etags });
});

test("a set with one changed page is handed out whole, though the others answered 304", async () => {
  const { cache } = await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);
  cache.moment += 1;
  cache.versions[4] = 1;

  const again = await Esi.pages(operation, { ...who, etags });

  expect(again.changed).toBe(true);
  expect(idsOf(again)).toEqual([[1000], [2000], [3000], [4001], [5000]]);
  expect(again.etags[3]).toBe('"4-1"');
});

test("a set that grew under an unchanged first page is read in full", async () => {
  const { cache } = await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);
  cache.pages = 6;

  const again = await Esi.pages(operation, { ...who, etags });

  expect(idsOf(again)).toEqual([[1000], [2000], [3000], [4000], [5000], [6000]]);
});

test("a set that lost its last page under unchanged other pages has changed", async () => {
  const { cache } = await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);
  cache.pages = 4;

  const again = await Esi.pages(operation, { ...who, etags });

  expect(idsOf(again)).toEqual([[1000], [2000], [3000], [4000]]);
  expect(again.etags).toHaveLength(4);
});

test("pages that ESI replaced while they were read come from one moment in the end", async () => {
  const { cache, esi } = await serveCache({}, (_request, count) => {
    if (count === 4) {
      cache.moment += 1;
      for (const page of [1, 2, 3, 4, 5]) cache.versions[page] = 1;
    }
    return undefined;
  });

  const set = await Esi.pages(operation, { ...input(), concurrency: 1 });

  expect(idsOf(set)).toEqual([[1001], [2001], [3001], [4001], [5001]]);
  expect(set.lastModified).toBe(Date.parse(dateOf(1)));
  expect(esi.received).toHaveLength(8);
});

test("a set that became shorter while it was read is read anew", async () => {
  const { cache } = await serveCache({}, (_request, count) => {
    if (count === 4) {
      cache.moment += 1;
      cache.pages = 3;
      cache.versions = { 1: 1, 2: 1, 3: 1 };
    }
    return undefined;
  });

  const set = await Esi.pages(operation, { ...input(), concurrency: 1 });

  expect(set.total).toBe(3);
  expect(idsOf(set)).toEqual([[1001], [2001], [3001]]);
});

test("a page that calls itself unchanged while the set has moved on is asked again", async () => {
  const { cache } = await serveCache({}, plain);
  const who = input();
  const { etags } = await Esi.pages(operation, who);
  cache.versions = { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 };
  cache.moment = 1;
  const stale = { etag: '"3-0"', "last-modified": dateOf(0), "cache-control": "max-age=3600" };
  const { esi } = await serveCache(cache, (request) =>
    pageOf(request) === 3 && request.headers["if-none-match"] ? { status: 304, headers: stale } : undefined,
  );

  const set = await Esi.pages(operation, { ...who, etags });

  expect(esi.received.length).toBeGreaterThan(0);
  expect(idsOf(set)).toEqual([[1001], [2001], [3001], [4001], [5001]]);
});

test.each<[string, (request: Received, count: number) => Record<string, string>]>([
  ["moments", (_, count) => ({ "last-modified": dateOf(count) })],
  ["page counts", (_, count) => ({ "x-pages": String(4 + (count % 2)) })],
])("a set whose %s never fit together is torn, and none of it is handed out", async (_, headers) => {
  const { esi } = await serveCache({}, (request, count) => {
    const whole = { etag: `"${count}"`, "x-pages": "5", "last-modified": dateOf(0), ...headers(request, count) };
    return { headers: whole, body: [{ item_id: count }] };
  });

  const error = await caught(Esi.pages(operation, input()));

  expect(error).toMatchObject({ kind: "torn", retryable: true });
  expect(error.retryAt).toBeGreaterThan(Date.now());
  expect(esi.received.length).toBeLessThanOrEqual(25);
});

test("a first page that is about to expire is awaited anew before the others are read", async () => {
  const { cache, esi } = await serveCache({ maxAge: 0 }, (_request, count) => {
    if (count === 2) Object.assign(cache, { maxAge: 3600, moment: 1, versions: { 1: 1, 2: 1 } });
    return undefined;
  });

  const set = await Esi.pages(operation, input());

  expect(idsOf(set)?.[0]).toEqual([1001]);
  expect(esi.received.map(pageOf).slice(0, 2)).toEqual([1, 1]);
  expect(set.lastModified).toBe(Date.parse(dateOf(1)));
});

test("a first page that expires too late to wait for is left for the next run", async () => {
  const { esi } = await serveCache({ maxAge: 3 }, plain);

  const error = await caught(Esi.pages(operation, { ...input(), waitMs: 100 }));

  expect(error.kind).toBe("torn");
  expect((error.retryAt ?? 0) - Date.now()).toBeLessThanOrEqual(4000);
  expect(esi.received).toHaveLength(1);
});

test("a refused page refuses the set at once", async () => {
  const { esi } = await serveCache({ pages: 50 }, (request) => (pageOf(request) === 2 ? { status: 403 } : undefined));

  const error = await caught(Esi.pages(operation, { ...input(), concurrency: 2 }));

  expect(error).toMatchObject({ kind: "forbidden", status: 403 });
  expect(esi.received.length).toBeLessThan(50);
});

test("a set that the bucket cannot pay is refused after its first page", async () => {
  const { esi } = await serveCache({ pages: 1000 }, plain);

  const error = await caught(Esi.pages(operation, input()));

  expect(error.kind).toBe("rate_limited");
  expect(esi.received).toHaveLength(1);
});

test("an aborted set stops reading", async () => {
  const stop = new AbortController();
  const { esi } = await serveCache({ pages: 100 }, (_, count) => {
    if (count === 10) stop.abort(new Error("enough"));
    return undefined;
  });

  const error = await caught(Esi.pages(operation, { ...input(), concurrency: 4, signal: stop.signal }));

  expect(error.message).toBe("enough");
  expect(esi.received.length).toBeLessThan(20);
});

test("a collection of one page is one request", async () => {
  const { esi } = await serveCache({ pages: 1, maxAge: 1 }, plain);

  const set = await Esi.pages(operation, input());

  expect(set).toMatchObject({ changed: true, total: 1, cost: 2 });
  expect(esi.received).toHaveLength(1);
});

test.each(["garbage", "", "-3", "1.5", "1e3", "99999999", "2, 3", "0x10"])(
  "X-Pages %j is malformed, on whichever page it stands",
  async (pages) => {
    const odd = async (page: number) => {
      const { cache } = await serveCache({ pages: 3 }, (request) =>
        pageOf(request) === page
          ? { headers: { "x-pages": pages, "cache-control": "max-age=3600" }, body: [{ item_id: 1 }] }
          : undefined,
      );
      return { cache, error: await caught(Esi.pages(operation, input())) };
    };

    expect((await odd(1)).error).toMatchObject({ kind: "malformed", why: "X-Pages is no number of pages" });
    expect((await odd(3)).error).toMatchObject({ kind: "malformed", why: "X-Pages is no number of pages" });
  },
);

test.each([undefined, "0"])(
  "a first page that does not say of how many (%j) is not taken for the only one",
  async (pages) => {
    const silent = {
      headers: { ...(pages === undefined ? {} : { "x-pages": pages }), etag: '"x"' },
      body: [{ item_id: 1 }],
    };
    await serve(() => silent);

    const first = await Esi.pages(operation, input());
    const later = await caught(Esi.pages(operation, { ...input(), etags: ['"1-0"', '"2-0"'] }));

    expect(first.total).toBe(1);
    expect(later).toMatchObject({ kind: "malformed", why: "it does not say how many pages there are" });
  },
);

test("X-Pages that a proxy sends twice is one number", async () => {
  const { cache } = await serveCache({ pages: 2 }, () => undefined);
  await serve((request) => {
    const answer = answerFrom(cache, request);
    return { ...answer, headers: { ...answer.headers, "x-pages": ["2", "2"] } };
  });

  expect((await Esi.pages(operation, input())).total).toBe(2);
});

test("a tag that a proxy has made a weak one is still the same", async () => {
  const { cache } = await serveCache({ pages: 2 }, () => undefined);
  const esi = await serve((request) => {
    const answer = answerFrom(cache, { ...request, headers: {} });
    return { ...answer, headers: { ...answer.headers, etag: `W/${answer.headers?.etag}` } };
  });

  const set = await Esi.pages(operation, { ...input(), etags: ['"1-0"', '"2-0"'] });

  expect([set.changed, esi.received.length]).toEqual([false, 2]);
});

test("of a list that only grows the other pages count although one fails each time, and nothing vouches for them", async () => {
  await serveCache({}, (request) => (pageOf(request) === 3 ? { status: 500 } : undefined));

  const set = await Esi.pages(operation, { ...input(), isAppendOnly: true });
  const snapshot = await caught(Esi.pages(operation, input()));

  expect(idsOf(set as Esi.PageSet<{ item_id: number }[]>)).toEqual([[1000], [2000], [4000], [5000]]);
  expect(set).toMatchObject({ changed: true, etags: [], failure: { kind: "server" } });
  expect(snapshot).toMatchObject({ kind: "server" });
});

test("of a list that only grows no more pages are asked for once three have failed", async () => {
  const { esi } = await serveCache({ pages: 30 }, (request) => (pageOf(request) > 1 ? { status: 500 } : undefined));

  const set = await Esi.pages(operation, { ...input(), isAppendOnly: true, concurrency: 1 });

  expect(set.failure).toMatchObject({ kind: "server" });
  expect(new Set(esi.received.map(pageOf))).toEqual(new Set([1, 2, 3, 4]));
});
