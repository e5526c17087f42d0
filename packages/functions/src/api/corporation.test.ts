import * as Corporation from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { scan } from "../../../core/test/table.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";

let world: World;
let corporationId: number;
let ceo: number;
let second: number;
let ordinary: number;
let director: Browser;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 40, assets: 200, journalPerDay: 5 }] });
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  corporationId = home.corporationId;
  ceo = home.ceo.characterId;
  second = home.directors.find((each) => each.characterId !== ceo)?.characterId as number;
  ordinary = home.member.characterId;
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.advance(2 * 3600);
  director = await directorOf(ceo);
});

const checkAll = () => Actor.provide({ type: "system", name: "test" }, Corporation.checkDirectors);

const at = (path = "") => `/corporations/${corporationId}${path}`;

/** Everything in the table that has to do with the corporation's data. */
const stored = async () =>
  (await scan()).filter(({ pk, sk }) => `${pk} ${sk}`.includes(`corporation#${corporationId}`));

test("what a request used a token for is in the character's trail when its answer is there", async () => {
  const { body } = await director.get(`/characters/${ceo}/token-uses`);

  expect(body.data).toContainEqual(expect.objectContaining({ purpose: "director", by: "you" }));
});

test("an added corporation is listed with how many of its datasets are fresh", async () => {
  const before = (await director.get("/corporations")).body.data[0];
  await world.refresh(corporationId, "wallets");

  const { status, body } = await director.get("/corporations");

  expect(status).toBe(200);
  expect(body.data).toEqual([expect.objectContaining({ corporationId, fresh: before.fresh + 1, blocked: 0 })]);
  const [{ fresh, due, stale, blocked, total }] = body.data;
  expect(fresh + due + stale + blocked).toBe(total);
});

test("adding a corporation again changes nothing but the director's roles", async () => {
  const first = (await director.get(at())).body.data;

  const again = await director.post("/corporations", { characterId: ceo });

  expect(again.status).toBe(201);
  expect(again.body.data.addedAt).toBe(first.addedAt);
  expect((await director.get(at("/directors"))).body.data).toHaveLength(1);
});

test("who has not granted a director's scopes is told how", async () => {
  const browser = new Browser();
  await browser.logIn(second);

  const answer = await browser.post("/corporations", { characterId: second });

  expect(answer).toMatchObject({ status: 403, body: { error: { code: "corporation.scopes_missing" } } });
});

test("who holds no role of a director cannot add the corporation, whatever was granted", async () => {
  const browser = new Browser();
  await browser.logIn(ordinary);
  await browser.logIn(ordinary, "?purpose=corporation");

  const answer = await browser.post("/corporations", { characterId: ordinary });

  expect(answer).toMatchObject({ status: 403, body: { error: { code: "corporation.not_a_director" } } });
});

test("while EVE does not answer, adding says so and can be tried again", async () => {
  await world.control("faults", { operationId: "PostCharactersAffiliation", kind: "status", status: 503 });

  const answer = await director.post("/corporations", { characterId: ceo });

  expect(answer).toMatchObject({ status: 503, body: { error: { code: "esi.server" } } });
});

test("a corporation shows what the last refresh of its public data brought", async () => {
  await world.refresh(corporationId, "public-info");
  // A route that answers one object: there are no rows.
  const truth = (await world.rows(corporationId, "public-info")) as unknown as Record<string, unknown>;

  const { body } = await director.get(at());

  expect(body.data).toMatchObject({
    corporationId,
    name: truth.name,
    ticker: truth.ticker,
    memberCount: truth.member_count,
    ceoId: ceo,
    directors: [
      { characterId: ceo, healthy: true, missingScopes: [], missingRolesFor: [], refused: [], incidents: [] },
    ],
  });
});

test("refresh now queues what is due, and says when the next is possible once it is fresh", async () => {
  const due = await director.post(at("/datasets/wallets/refresh"));
  await world.refresh(corporationId, "wallets");
  const early = await director.post(at("/datasets/wallets/refresh"));
  const unknown = await director.post(at("/datasets/nonsense/refresh"));
  const board = (await director.get(at("/freshness"))).body.data;

  expect(due).toMatchObject({ status: 202, body: { data: { status: "queued" } } });
  expect(early).toMatchObject({ status: 200, body: { data: { status: "too_early" } } });
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: "dataset.not_found" } } });
  const wallets = board.find((each: { dataset: string }) => each.dataset === "wallets");
  expect(wallets).toMatchObject({ status: "fresh", fetcher: { characterId: ceo } });
  expect(early.body.data.nextPossibleAt).toBe(wallets.expiresAt);
});

test("a director who is to be asked first fetches, one to be asked last only what nobody else can, also when added again", async () => {
  const other = await directorOf(second);
  const prefer = (characterId: number, preference: string) =>
    director.patch(at(`/directors/${characterId}`), { preference });
  const fetchedBy = async (dataset: string) => {
    await world.advance(2 * 3600);
    await world.refresh(corporationId, dataset);
    const board = (await director.get(at("/freshness"))).body.data as { dataset: string; fetcher: object }[];
    return board.find((each) => each.dataset === dataset)?.fetcher;
  };

  const first = [await prefer(second, "first"), await fetchedBy("wallets"), await fetchedBy("wallets")];
  const last = [await prefer(second, "last"), await fetchedBy("wallets"), await fetchedBy("wallets")];
  await other.post("/corporations", { characterId: second });
  const again = (await director.get(at("/directors"))).body.data;

  const by = (characterId: number) => expect.objectContaining({ characterId });
  expect(first).toEqual([expect.objectContaining({ status: 204 }), by(second), by(second)]);
  expect(last).toEqual([expect.objectContaining({ status: 204 }), by(ceo), by(ceo)]);
  expect(again).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ characterId: ceo, preference: "in_turn" }),
      expect.objectContaining({ characterId: second, preference: "last" }),
    ]),
  );
  expect(await prefer(ordinary, "first")).toMatchObject({
    status: 404,
    body: { error: { code: "director.not_found" } },
  });
  expect(await prefer(second, "sometimes")).toMatchObject({ status: 400 });
  await other.delete(at(`/directors/${second}`));
});

test("one director taken out leaves the others their corporation", async () => {
  const other = await directorOf(second);

  const taken = await other.delete(at(`/directors/${second}`));

  expect(taken.status).toBe(204);
  expect((await other.get(at())).status).toBe(404);
  expect((await director.get(at("/directors"))).body.data).toMatchObject([{ characterId: ceo }]);
});

test("a user who stops following leaves other users' directors and the data in place", async () => {
  const other = await directorOf(second);
  await world.refresh(corporationId, "wallets");

  const removed = await other.delete(at());

  expect(removed.status).toBe(204);
  expect((await other.get("/corporations")).body.data).toEqual([]);
  expect((await director.get(at("/datasets/wallets/rows"))).body.data).not.toHaveLength(0);
});

test.each([
  ["the corporation is removed", () => director.delete(at())],
  ["its last director is taken out", () => director.delete(at(`/directors/${ceo}`))],
])("nothing of a corporation stays in the table when %s", async (_, remove) => {
  for (const dataset of ["public-info", "members", "member-tracking", "wallets", "wallet-journal", "assets"]) {
    await world.refresh(corporationId, dataset);
  }
  const before = await stored();

  const { status } = await remove();

  expect(before.length).toBeGreaterThan(10);
  expect(status).toBe(204);
  expect(await stored()).toEqual([]);
  expect((await director.get("/corporations")).body.data).toEqual([]);
});

test("a refresh that comes for a removed corporation does nothing", async () => {
  await director.delete(at());

  await world.refresh(corporationId, "wallets");

  expect(await stored()).toEqual([]);
});

test("who loses the role of a director in the game loses sight of the corporation, and it leaves the list", async () => {
  const [{ roles }] = (await director.get(at("/directors"))).body.data;
  await world.control("roles", { characterId: ceo, roles: [] });
  await world.advance(3600);

  await checkAll();
  const without = [await director.get(at()), await director.get("/corporations")];
  await world.control("roles", { characterId: ceo, roles });
  await world.advance(3600);
  await checkAll();

  expect(without).toMatchObject([{ status: 404 }, { status: 200, body: { data: [] } }]);
  expect((await director.get(at())).status).toBe(200);
});
