import { clientId, clientSecret, type NewEden, startNewEden } from "@tapi/new-eden";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as Config from "../../platform/config/index.ts";
import * as Esi from "./index.ts";
import { routes } from "./index.ts";
import { caught } from "./scripted-esi.fixture.ts";

const assets = "GetCorporationsCorporationIdAssets";
const transactions = "GetCorporationsCorporationIdWalletsDivisionTransactions";
const hourMs = 3_600_000;

let eden: NewEden;
let corporationId: number;
let directorId: number;

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 40, assets: 6500, journalPerDay: 400 }] });
  const [corporation] = eden.world.corporations;
  corporationId = corporation?.corporationId ?? 0;
  directorId = corporation?.ceo.characterId ?? 0;
});

afterAll(() => eden.close());

/** The world goes on until every cache and bucket is fresh, and our clock with it. */
function later(ms: number): void {
  eden.clock.advance(ms);
  vi.setSystemTime(eden.clock.now());
}

beforeEach(async () => {
  vi.stubEnv("ESI_BASE_URL", eden.url);
  Config.reset();
  Esi.reset();
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.useFakeTimers({ toFake: ["Date"] });
  later(2 * hourMs);
  await control("stats", "DELETE");
});

afterEach(() => {
  eden.faults.clear();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function control(path: string, method = "GET") {
  const response = await fetch(`${eden.url}/_control/${path}`, { method });
  return response.status === 204 ? undefined : response.json();
}

const scopes = [...new Set(Object.values(routes).flatMap((route) => route.scopes ?? []))];

/** A fresh access token of the director, by the way that a pilot takes. */
async function director() {
  const redirect_uri = "http://localhost/callback";
  const asked = { response_type: "code", client_id: clientId, redirect_uri, scope: scopes.join(" "), state: "s" };
  const chosen = await fetch(`${eden.url}/v2/oauth/authorize`, {
    method: "POST",
    body: new URLSearchParams({ ...asked, character_id: String(directorId) }),
    redirect: "manual",
  });
  const code = new URL(chosen.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const answer = await fetch(`${eden.url}/v2/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code }),
  });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string };
  return { accessToken, characterId: directorId, path: { corporation_id: corporationId } };
}

type Asset = Esi.RowOf<typeof assets>;
const byItem = (rows: Asset[]) => rows.toSorted((a, b) => a.item_id - b.item_id);
const truth = (dataset: string) => control(`truth/${corporationId}/${dataset}`);

test("all assets arrive as New Eden holds them", async () => {
  const set = await Esi.pages(assets, await director());

  expect(set).toMatchObject({ changed: true, total: 7, cost: 14 });
  expect(set.pages?.flat()).toEqual(await truth("assets"));
});

test("hours of refreshes are never early and equal the truth each time", async () => {
  let etags: string[] = [];
  let rows: Asset[] = [];
  for (let round = 0; round < 5; round += 1) {
    const set = await Esi.pages(assets, { ...(await director()), etags });
    ({ etags } = set);
    if (set.pages) rows = set.pages.flat();
    expect(rows).toEqual(await truth("assets"));
    vi.setSystemTime(set.expiresAt);
    later(Math.max(0, set.expiresAt - eden.clock.now()));
  }

  expect(await control("stats")).toMatchObject({ sent429: 0, sent420: 0, earlyFetches: 0 });
});

test.each(["page_shift", "page_count", "truncated", "malformed", "reset", "partial_304"] as const)(
  "a passing fault of kind %s costs no row and doubles none",
  async (kind) => {
    const who = await director();
    const { etags } = await Esi.pages(assets, who);
    later(2 * hourMs);
    eden.faults.add({ operationId: assets, kind, times: 1 });

    const set = await Esi.pages(assets, { ...(await director()), ...(kind === "partial_304" ? { etags } : {}) });

    if (set.pages) expect(byItem(set.pages.flat())).toEqual(byItem(await truth("assets")));
    expect(eden.faults.list()[0]?.left).toBe(0);
  },
);

test("pages that shift each time they are read are torn in the end", async () => {
  const who = await director();
  eden.faults.add({ operationId: assets, kind: "page_shift" });

  const error = await caught(Esi.pages(assets, who));

  expect(error).toMatchObject({ kind: "torn", retryable: true });
});

test.each([
  ["status", 500, "server"],
  ["status", 403, "forbidden"],
  ["status", 404, "not_found"],
  ["rate_limited", undefined, "rate_limited"],
  ["error_limited", undefined, "error_limited"],
  ["reset", undefined, "network"],
  ["malformed", undefined, "malformed"],
] as const)("a lasting fault of kind %s %s is told as %s", async (kind, status, told) => {
  const who = await director();
  eden.faults.add({ operationId: assets, kind, ...(status ? { status } : {}), headers: false });

  const error = await caught(Esi.request(assets, who));

  expect(error.kind).toBe(told);
});

test("an answer that never comes is a timeout", async () => {
  const who = await director();
  eden.faults.add({ operationId: assets, kind: "timeout" });

  const error = await caught(Esi.request(assets, { ...who, timeoutMs: 50 }));

  expect(error.kind).toBe("timeout");
});

test("a clock that is five minutes ahead does not move the expiry", async () => {
  const who = await director();
  const { expiresAt } = await Esi.request("GetStatus", {});
  later(2 * hourMs);
  eden.faults.add({ kind: "clock_skew", skewSeconds: 300 });

  const skewed = await Esi.request(assets, await director());

  expect(who.characterId).toBe(directorId);
  expect(expiresAt).toBeLessThan(Date.now());
  expect(skewed.expiresAt - Date.now()).toBeLessThanOrEqual(hourMs + 2000);
  expect(skewed.expiresAt - Date.now()).toBeGreaterThan(hourMs - 2000);
});

test("transactions are walked back to what is known", async () => {
  const who = await director();
  const all = ((await truth("wallet-transactions")) as { division: number; transaction_id: number }[]).filter(
    (row) => row.division === 1,
  );
  const known = all[Math.floor(all.length / 2)]?.transaction_id ?? 0;
  const walk = (newest: number) =>
    Esi.fromId(transactions, {
      ...who,
      path: { ...who.path, division: 1 },
      idField: "transaction_id",
      until: (row) => row.transaction_id <= newest,
    });

  const whole = await walk(0);
  later(2 * hourMs);
  const { accessToken } = await director();
  who.accessToken = accessToken;
  const recent = await walk(known);

  expect(whole.rows.map((row) => row.transaction_id)).toEqual(all.map((row) => row.transaction_id));
  expect(recent.rows.every((row) => row.transaction_id > known)).toBe(true);
  expect(recent.rows.length).toBeGreaterThanOrEqual(Math.floor(all.length / 2));
});

test("a greedy client is held back here: New Eden never has to answer 429", async () => {
  const { accessToken, characterId } = await director();
  const ask = (division: number) =>
    Esi.request("GetCorporationsCorporationIdWalletsDivisionJournal", {
      path: { corporation_id: corporationId, division: (division % 7) + 1 },
      query: { page: 1 },
      accessToken,
      characterId,
    });
  const errors: Esi.EsiError[] = [];

  for (let count = 0; count < 30 && errors.length === 0; count += 1) {
    const results = await Promise.allSettled(Array.from({ length: 7 }, (_, division) => ask(division)));
    errors.push(...results.filter((result) => result.status === "rejected").map((result) => result.reason));
  }

  expect(errors[0]?.kind).toBe("rate_limited");
  expect(await control("stats")).toMatchObject({ sent429: 0 });
});
