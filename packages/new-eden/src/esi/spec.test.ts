import { afterAll, beforeAll, expect, test } from "vitest";
import { hourMs } from "../clock.ts";
import { type NewEden, startNewEden } from "../index.ts";
import { staticData } from "../static-data/index.ts";
import { Client, control } from "../test/client.ts";
import { objections } from "../test/spec-check.ts";
import { endpoints } from "./families.ts";
import { type Route, routes } from "./route.ts";

let eden: NewEden;
let ceo: Client;
let values: Record<string, unknown>;
let contractIds: Record<string, unknown>;

beforeAll(async () => {
  // A seed whose first CEO has implants: not everybody does.
  eden = await startNewEden({ seed: "spec", corporations: [{ members: 160, assets: 2500, journalPerDay: 300 }] });
  // Some life first, so that what happens rarely has happened.
  eden.clock.advance(30 * hourMs);
  const [corporation] = eden.world.corporations;
  if (!corporation) throw new Error("No corporation.");
  ceo = await Client.login(eden.url, corporation.ceo.characterId);
  const { corporationId } = corporation;
  const rows = (dataset: string) =>
    control<Record<string, unknown>[]>(eden.url, "GET", `/truth/${corporationId}/${dataset}`);
  const first = async (dataset: string, field: string) => (await rows(dataset))[0]?.[field];
  const ownRows = (dataset: string) =>
    control<Record<string, unknown>[]>(eden.url, "GET", `/truth/character/${corporation.ceo.characterId}/${dataset}`);
  values = {
    corporation_id: corporationId,
    character_id: corporation.ceo.characterId,
    alliance_id: eden.world.alliance.allianceId,
    division: 1,
    station_id: 60_003_760,
    system_id: 30_000_142,
    type_id: 34,
    structure_id: await first("structures", "structure_id"),
    observer_id: await first("mining-ledger", "observer_id"),
    starbase_id: await first("starbases", "starbase_id"),
    skyhook_id: await first("skyhook-details", "id"),
    sovereignty_hub_id: await first("sovereignty-hub-details", "id"),
    planet_id: await first("skyhook-details", "planet_id"),
    moon_id: await first("starbases", "moon_id"),
    killmail_id: await first("killmails", "killmail_id"),
    killmail_hash: await first("killmails", "killmail_hash"),
    project_id: await first("project-contributors", "project_id"),
    job_id: await first("freelance-participants", "job_id"),
    itemIds: [await first("assets", "item_id")],
    ownItemIds: (await ownRows("assets")).slice(0, 1000).map(({ item_id }) => item_id),
  };
  // Items of any contract, bids of one that is an auction and has some.
  contractIds = {
    GetCorporationsCorporationIdContractsContractIdItems: await first("contract-items", "contract_id"),
    GetCorporationsCorporationIdContractsContractIdBids: await first("contract-bids", "contract_id"),
  };
});
afterAll(() => eden.close());

/** What to send to the routes that take a body. */
const bodies: Record<string, () => unknown> = {
  PostCharactersAffiliation: () => eden.world.pilots.map(({ characterId }) => characterId),
  PostCorporationsCorporationIdAssetsNames: () => values.itemIds,
  PostCorporationsCorporationIdAssetsLocations: () => values.itemIds,
  PostCharactersCharacterIdAssetsNames: () => values.ownItemIds,
  PostCharactersCharacterIdAssetsLocations: () => values.ownItemIds,
  PostUniverseNames: () => [values.character_id, values.corporation_id, values.alliance_id, 34, 30_000_142, 60_003_760],
  PostUniverseIds: () => ["Jita", "Tritanium", "Jita IV - Moon 4 - Caldari Navy Assembly Plant"],
};

function pathOf({ operationId, path, parameters }: Route): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = name === "contract_id" ? contractIds[operationId] : values[name];
    if (value === undefined) throw new Error(`The test knows no value for {${name}}.`);
    return String(value);
  });
  const query = parameters.filter(({ in: place, required }) => place === "query" && required);
  return `${filled}?${query.map(({ name }) => `${name}=${values[name]}`).join("&")}`;
}

test.each(Object.keys(endpoints))("%s answers what the official spec says", async (operationId) => {
  const route = routes().get(operationId) as Route;

  const body = bodies[operationId]?.();
  const answer = await (route.method === "post" ? ceo.post(pathOf(route), body) : ceo.get(pathOf(route)));

  expect(answer.status).toBe(200);
  expect(objections(operationId, 200, answer.body)).toEqual([]);
  // An empty list would be valid, and prove nothing.
  expect(["[]", "{}"]).not.toContain(JSON.stringify(answer.body));
});

test("every GET route of a corporation is served", () => {
  const wanted = [...routes().values()].filter(
    ({ method, path }) => method === "get" && /^\/corporations?\//.test(path),
  );

  const missing = wanted.map(({ operationId }) => operationId).filter((operationId) => !(operationId in endpoints));

  // With the two POST routes of assets, the 52 routes of a corporation.
  expect(wanted).toHaveLength(50);
  expect(missing).toEqual([]);
});

test("an error has the shape of the spec", async () => {
  const answer = await ceo.get("/corporations/1/assets");

  expect(answer.status).toBe(403);
  expect(objections("GetCorporationsCorporationIdAssets", 403, answer.body)).toEqual([]);
});

test("every kind of id in the world has a name", async () => {
  const corporationId = values.corporation_id;
  const assets = (await ceo.get<{ type_id: number }[]>(`/corporations/${corporationId}/assets`)).body;

  const types = [...new Set(assets.map(({ type_id }) => type_id))];
  const answer = await ceo.post<{ id: number; name: string }[]>("/universe/names", types.slice(0, 1000));

  expect(answer.status).toBe(200);
  expect(answer.body.every(({ id, name }) => staticData().types.get(id)?.name === name)).toBe(true);
});
