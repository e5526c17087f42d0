import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Freshness from "../freshness/index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 50, journalPerDay: 60, historyDays: 6 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterAll(() => world?.close());

const differenceOf = (dataset: string) => difference(dataset, { newEden: world.eden.url, ...pilot });

async function freshness(dataset: string): Promise<Freshness.Freshness> {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
}

const divisionsOf = async (dataset: string): Promise<Set<unknown>> =>
  new Set((await storedRows(pilot.corporationId, dataset)).map(({ division }) => division));

/** Longer than the back-off after one failure, shorter than any expiry. */
const backOffSeconds = 150;

for (const [dataset, route] of Object.entries({
  "wallet-transactions": "GetCorporationsCorporationIdWalletsDivisionTransactions",
  "wallet-journal": "GetCorporationsCorporationIdWalletsDivisionJournal",
})) {
  const requests = async () => {
    const { requests: all, earlyFetches } = (await world.control("stats")) as {
      requests: Record<string, Record<string, number>>;
      earlyFetches: number;
    };
    return { answered: (all[route]?.[200] ?? 0) + (all[route]?.[304] ?? 0), earlyFetches };
  };
  const refresh = () => world.refresh(pilot.corporationId, dataset);

  test(`${dataset}: a division that fails is told and asked for again; the others are kept, and left alone`, async () => {
    await world.control("wallets", { corporationId: pilot.corporationId, division: 3, amount: 1_000 });
    await world.control("faults", { kind: "status", status: 500, pathRegex: "/wallets/3/" });
    await refresh();
    const failed = await freshness(dataset);
    const kept = await divisionsOf(dataset);
    const before = await requests();

    await world.control("faults", undefined, "DELETE");
    await world.advance(backOffSeconds);
    await refresh();

    expect(failed).toMatchObject({ status: "failed", lastError: { code: "esi.server" } });
    expect(kept.has(1)).toBe(true);
    expect(kept.has(3)).toBe(false);
    expect(await freshness(dataset)).toMatchObject({ status: "fresh" });
    expect((await freshness(dataset)).lastError).toBeUndefined();
    expect(await differenceOf(dataset)).toEqual(none);
    const after = await requests();
    expect(after.earlyFetches).toBe(0);
    expect(after.answered - before.answered).toBeLessThan(3);
  });

  test(`${dataset}: a division of which a row was set aside is left alone too while another one is asked again`, async () => {
    await world.advance(4_000);
    const before = await requests();
    await world.control("faults", { kind: "bad_row", pathRegex: "/wallets/1/" });
    await world.control("faults", { kind: "status", status: 500, pathRegex: "/wallets/3/" });
    await refresh();
    await world.control("faults", undefined, "DELETE");

    await world.advance(backOffSeconds);
    await refresh();
    const after = await requests();
    await world.advance(4_000);
    await refresh();

    expect(after.earlyFetches).toBe(before.earlyFetches);
    expect(await freshness(dataset)).toMatchObject({ status: "fresh" });
    expect(await differenceOf(dataset)).toEqual(none);
  });

  test(`${dataset}: a division that ESI refuses for a while is not asked for before that`, async () => {
    const retryAfterSeconds = 900;
    await world.advance(4_000);
    await world.control("faults", { kind: "rate_limited", headers: true, retryAfterSeconds, pathRegex: "/wallets/3/" });

    await refresh();

    const { status, nextAt = "" } = await freshness(dataset);
    await world.control("faults", undefined, "DELETE");
    await world.advance(retryAfterSeconds + 5);
    await refresh();
    expect(status).toBe("failed");
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now() - 10_000);
    expect(await freshness(dataset)).toMatchObject({ status: "fresh" });
    expect(await differenceOf(dataset)).toEqual(none);
  });

  test(`${dataset}: once they have expired, all divisions are asked for again`, async () => {
    await world.advance(4_000);
    const before = await requests();
    await world.control("wallets", { corporationId: pilot.corporationId, division: 1, amount: 5_000 });

    await refresh();

    expect(await differenceOf(dataset)).toEqual(none);
    expect((await requests()).answered - before.answered).toBeGreaterThanOrEqual(7);
    expect((await requests()).earlyFetches).toBe(0);
  });
}
