import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Character from "../../identity/character/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import * as Freshness from "../freshness/index.ts";
import * as Rows from "../rows/index.ts";
import * as Refresh from "./index.ts";

type Row = Record<string, unknown>;

let world: World;
let pilot: Pilot & { corporationId: number };
let second: Pilot;
let corporationId: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 40, assets: 2_500, journalPerDay: 30 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  second = await corporationOf(
    home?.directors.find(({ characterId }) => characterId !== pilot.characterId)?.characterId as number,
  );
  corporationId = pilot.corporationId;
});
afterAll(() => world?.close());

/** Past every expiry and back-off, so that everything is due. */
const letExpire = () => world.advance(2 * 3600);

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await letExpire();
});

/** Not as the pilot, whose sight of the corporation has to be confirmed every few hours. */
const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const board = () => asSystem(() => Freshness.board({ owner: Owner.corporation(corporationId) }));
const freshness = async (dataset: string) =>
  (await board()).find((each) => each.dataset === dataset) as Freshness.Freshness;
const directors = () => pilot.as(() => Corporation.listDirectors({ corporationId }));
const director = async (characterId: number) => (await directors()).find((each) => each.characterId === characterId);
const refresh = (dataset: string) => world.refresh(corporationId, dataset);
const fault = (fault: object) => world.control("faults", fault);

async function stored(dataset: string): Promise<Row[]> {
  Snapshot.clearCache();
  const rows: Row[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const query = {
      owner: Owner.corporation(corporationId),
      dataset,
      limit: 500,
      from: "2000-01-01",
      ...(cursor ? { cursor } : {}),
    };
    const page = await pilot.as(() => Rows.list(query));
    rows.push(...page.rows);
    cursor = page.meta.nextCursor;
    more = cursor !== undefined;
  }
  return rows;
}

const assetColumns = ["item_id", "type_id", "quantity", "location_id", "location_flag", "is_singleton"];
const pick = (rows: Row[], columns: string[]) =>
  rows.map((row) => columns.map((column) => row[column])).sort((a, b) => Number(a[0]) - Number(b[0]));

async function expectAssetsTrue(): Promise<void> {
  const truth = await world.rows(corporationId, "assets");
  expect(pick(await stored("assets"), assetColumns)).toEqual(pick(truth, assetColumns));
}

const operation = {
  assets: "GetCorporationsCorporationIdAssets",
  members: "GetCorporationsCorporationIdMembers",
  tracking: "GetCorporationsCorporationIdMembertracking",
  wallets: "GetCorporationsCorporationIdWallets",
};

const requestsOf = async (operationId: string): Promise<number> => {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return Object.values(requests[operationId] ?? {}).reduce((sum, count) => sum + count, 0);
};

describe("what arrives", () => {
  test("assets, members and balances equal New Eden's truth, again and again as it changes", async () => {
    for (const _round of [1, 2, 3]) {
      for (const dataset of ["assets", "members", "wallets"]) await refresh(dataset);

      await expectAssetsTrue();
      const members = (await stored("members")).map((row) => row.character_id).sort();
      expect(members).toEqual([...((await world.rows(corporationId, "members")) as unknown as number[])].sort());
      expect(pick(await stored("wallets"), ["division", "balance"])).toEqual(
        pick(await world.rows(corporationId, "wallets"), ["division", "balance"]),
      );
      await letExpire();
    }
  });

  test("a ledger only grows: entries that ESI no longer hands out stay", async () => {
    await refresh("wallet-journal");
    const before = (await stored("wallet-journal")).length;
    await world.advance(20 * 86_400);

    await refresh("wallet-journal");

    const rows = await stored("wallet-journal");
    const keys = new Set(rows.map((row) => `${row.division}/${row.id}`));
    const truth = await world.rows(corporationId, "wallet-journal");
    expect(rows.length).toBeGreaterThan(before);
    expect(keys.size).toBe(rows.length);
    expect(truth.filter((row) => !keys.has(`${row.division}/${row.id}`))).toEqual([]);
  });

  test("an unchanged refresh costs at most 3 write units and one ESI token a page", async () => {
    await refresh("divisions");
    await letExpire();
    // The first use after hours renews a director's token; that is the token's cost, not the refresh's.
    for (const { characterId } of [pilot, second]) {
      await asSystem(() => Token.access({ characterId, purpose: "test" }));
    }

    const { consumed } = await Db.metered(() => refresh("divisions"));

    expect(consumed.writeUnits).toBeLessThanOrEqual(3);
    expect(await freshness("divisions")).toMatchObject({ status: "fresh", tokensSpent: 1 });
  });
});

describe("messages", () => {
  test("a message delivered many times at once fetches once and changes one version", async () => {
    const { version } = await freshness("wallets");
    const before = await requestsOf(operation.wallets);
    await world.control("wallets", { corporationId, division: 1, amount: 1_000 });

    await Promise.all(Array.from({ length: 8 }, () => refresh("wallets")));

    expect(await requestsOf(operation.wallets)).toBe(before + 1);
    expect((await freshness("wallets")).version).toBe(version + 1);
  });

  test("a message that comes late, after a newer one was worked on, does nothing", async () => {
    await refresh("wallets");
    const before = [await requestsOf(operation.wallets), await freshness("wallets")];

    await refresh("wallets");

    expect([await requestsOf(operation.wallets), await freshness("wallets")]).toEqual(before);
  });

  test("nothing is fetched before its expiry, and the asker is told when it is possible", async () => {
    await refresh("members");

    const asked = await pilot.as(() =>
      Refresh.request({ owner: Owner.corporation(corporationId), dataset: "members" }),
    );

    expect(asked).toMatchObject({ status: "too_early" });
    expect(Date.parse((asked as { nextPossibleAt: string }).nextPossibleAt)).toBeGreaterThan(Date.now());
    expect(await world.control("stats")).toMatchObject({ earlyFetches: 0 });
  });

  test("an unknown dataset is a poison message: it throws, so that the queue keeps it", async () => {
    await expect(refresh("no-such-dataset")).rejects.toThrow("no-such-dataset");
  });
});

describe("answers that are not to be believed", () => {
  test("a page set that moves while it is read is read again, and never stored torn", async () => {
    await fault({ operationId: operation.assets, kind: "page_shift", times: 1 });

    await refresh("assets");

    expect(await freshness("assets")).toMatchObject({ status: "fresh" });
    await expectAssetsTrue();
  });

  test("a page set that never stands still fails, and what is stored stays", async () => {
    await refresh("assets");
    const before = await stored("assets");
    await letExpire();
    await fault({ operationId: operation.assets, kind: "page_shift" });

    await refresh("assets");

    expect(await freshness("assets")).toMatchObject({ status: "failed", lastError: { code: "esi.torn" } });
    expect(await stored("assets")).toEqual(before);
  });

  test("an empty answer after data deletes nothing until the next one confirms it", async () => {
    await refresh("members");
    const before = await stored("members");
    await letExpire();
    await fault({ operationId: operation.members, kind: "empty" });

    await refresh("members");
    const doubted = [await stored("members"), (await freshness("members")).doubtful];
    await letExpire();
    await refresh("members");

    expect(doubted).toEqual([before, true]);
    expect(await stored("members")).toEqual([]);
  });

  test("an empty answer that was a mistake leaves no trace", async () => {
    await refresh("members");
    await letExpire();
    await fault({ operationId: operation.members, kind: "empty", times: 1 });

    await refresh("members");
    await letExpire();
    await refresh("members");

    expect((await stored("members")).length).toBe(((await world.rows(corporationId, "members")) as unknown[]).length);
    expect((await freshness("members")).doubtful).toBeUndefined();
  });

  test("a malformed row is set aside with its stored form kept; the rest of the page arrives", async () => {
    await refresh("member-tracking");
    const before = await stored("member-tracking");
    await world.control("members", { corporationId, join: 2 });
    await letExpire();
    await fault({ operationId: operation.tracking, kind: "bad_row", times: 1 });

    await refresh("member-tracking");

    const after = await stored("member-tracking");
    const ids = new Set(after.map((row) => row.character_id));
    expect((await freshness("member-tracking")).setAside).toBeGreaterThan(0);
    expect(after.length).toBeGreaterThanOrEqual(before.length + 1);
    expect(before.every((row) => ids.has(row.character_id))).toBe(true);
  });

  for (const kind of ["truncated", "malformed", "reset", "page_count", "duplicate_ids", "partial_304"]) {
    test(`${kind}: the refresh ends with the truth or with what was stored`, async () => {
      await refresh("assets");
      await world.control("assets", { corporationId, changeFraction: 0.05 });
      await letExpire();
      await fault({ operationId: operation.assets, kind, times: 2 });

      await refresh("assets");
      await letExpire();
      await refresh("assets");

      await expectAssetsTrue();
    });
  }
});

describe("refusals", () => {
  test("403 on the first director: the next one fetches, and the first is not asked for this again at once", async () => {
    await fault({ operationId: operation.wallets, kind: "status", status: 403, characterId: pilot.characterId });

    await refresh("wallets");
    const first = await freshness("wallets");
    await world.advance(400);
    await refresh("wallets");

    expect(first).toMatchObject({ status: "fresh", fetcher: { characterId: second.characterId } });
    expect((await director(pilot.characterId))?.consecutiveFailures).toBeLessThanOrEqual(1);
  });

  test("three failures make a director unhealthy, one success heals", async () => {
    await fault({ pathRegex: "^/corporations/", kind: "status", status: 403, characterId: pilot.characterId });
    for (const dataset of ["wallets", "members", "member-tracking", "divisions"]) await refresh(dataset);
    const sick = await director(pilot.characterId);

    await world.control("faults", undefined, "DELETE");
    await letExpire();
    await fault({ pathRegex: "^/corporations/", kind: "status", status: 403, characterId: second.characterId });
    await refresh("wallets");

    expect(sick).toMatchObject({ healthy: false, consecutiveFailures: 3, lastError: { code: "esi.forbidden" } });
    expect(await director(pilot.characterId)).toMatchObject({ healthy: true, consecutiveFailures: 0 });
  });

  test("no director left: the dataset is blocked and says why; the others go on", async () => {
    await fault({ operationId: operation.wallets, kind: "status", status: 403 });

    await refresh("wallets");
    await refresh("members");

    expect(await freshness("wallets")).toMatchObject({ status: "blocked", lastError: { code: "director.unhealthy" } });
    expect(await freshness("members")).toMatchObject({ status: "fresh" });
  });

  for (const [kind, headers] of [
    ["rate_limited", true],
    ["rate_limited", false],
    ["error_limited", true],
  ] as const) {
    test(`${kind} ${headers ? "with" : "without"} headers: nothing is asked before ESI's time, nothing is lost`, async () => {
      await refresh("wallets");
      const before = await stored("wallets");
      await letExpire();
      // Whoever looks has been confirmed as a director lately: a shut error limit lets nobody ask for that either.
      await board();
      await fault({ operationId: operation.wallets, kind, headers, retryAfterSeconds: 120 });

      await refresh("wallets");
      const failed = await freshness("wallets");
      const asked = await requestsOf(operation.wallets);
      await refresh("wallets");

      expect(failed).toMatchObject({ status: "failed", lastError: { code: `esi.${kind}` } });
      expect(Date.parse(failed.nextAt as string)).toBeGreaterThan(Date.now());
      expect(await requestsOf(operation.wallets)).toBe(asked);
      expect(await stored("wallets")).toEqual(before);
    });
  }

  test("server errors: backed off, told in words, mended by the next success", async () => {
    // During the daily downtime a 502 is something else.
    await world.advanceTo("15:00");
    await fault({ operationId: operation.wallets, kind: "status", status: 502 });

    await refresh("wallets");
    const failed = await freshness("wallets");
    await world.control("faults", undefined, "DELETE");
    await letExpire();
    await refresh("wallets");

    expect(failed).toMatchObject({
      status: "failed",
      lastError: { code: "esi.server", message: expect.stringMatching(/\w+ \w+/) },
    });
    expect(await freshness("wallets")).toMatchObject({ status: "fresh" });
    expect((await freshness("wallets")).lastError).toBeUndefined();
  });

  test("a token revoked while it is in use: another director takes over, the dead one is marked and not asked again", async () => {
    await refresh("wallets");
    const [victim, heir] =
      (await freshness("wallets")).fetcher?.characterId === pilot.characterId ? [pilot, second] : [second, pilot];
    await world.advance(400);
    await world.control("tokens/revoke", { characterId: victim.characterId });

    await refresh("wallets");
    await refresh("members");

    expect(await freshness("wallets")).toMatchObject({ status: "fresh", fetcher: { characterId: heir.characterId } });
    const character = await victim.as(() => Character.get({ characterId: victim.characterId }));
    expect(character.token).toMatchObject({ status: "dead", reason: "invalid_grant", message: expect.any(String) });
  });
});
