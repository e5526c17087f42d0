import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listenTo } from "../../../test/listener.ts";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { receiveBatch } from "../../../test/queues.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Access from "../../access/index.ts";
import { directors } from "../../director/director.entity.ts";
import { corporation } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Corporation from "./index.ts";

type Director = Pilot & { corporationId: number };

let world: World;
let home: Director;
let rival: Director;

beforeAll(async () => {
  const small = { members: 25, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [small, small] });
  const [first, second] = (await world.truth()).corporations;
  home = await corporationOf(first?.ceo.characterId as number);
  rival = await corporationOf(second?.ceo.characterId as number);
  await listenTo(home.corporationId);
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  // Past what ESI keeps of roles and corporations.
  await world.advance(2 * 3600);
});

const checkAll = () => Actor.provide({ type: "system", name: "test" }, Corporation.checkDirectors);
const sees = (pilot: Director, corporationId = pilot.corporationId) =>
  Access.canRead(pilot.userId, corporation(corporationId));

/** A link that was right when it was made: the rival's CEO used to direct the home corporation. */
async function formerDirector(): Promise<void> {
  const { data } = await directors().get({ corporationId: rival.corporationId, characterId: rival.characterId }).go();
  if (!data) throw new Error("the rival is no director");
  await directors()
    .put({ ...data, corporationId: home.corporationId })
    .go();
}

/** The directors' failures that were pushed to a corporation's people. */
async function told(corporationId: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let batch = await receiveBatch("realtime"); batch.length > 0; batch = await receiveBatch("realtime")) {
    const messages = batch.map(({ Body = "" }) => JSON.parse(Body));
    found.push(
      ...messages.filter((each) => each.type === "director.failed" && each.data.corporationId === corporationId),
    );
  }
  return found;
}

test("a director who left the corporation loses sight of it, the others keep theirs, and its people are told", async () => {
  await formerDirector();
  const before = await sees(rival, home.corporationId);

  const result = await checkAll();

  expect(before).toBe(true);
  expect(result).toEqual({ checked: 3, left: 1 });
  expect(await sees(rival, home.corporationId)).toBe(false);
  expect([await sees(home), await sees(rival)]).toEqual([true, true]);
  expect(await told(home.corporationId)).toMatchObject([
    { data: { characterId: rival.characterId, reason: "director.left" } },
  ]);
});

test("a lost role ends the sight of the corporation, a regained one gives it back", async () => {
  const [director] = await home.as(() => Corporation.listDirectors({ corporationId: home.corporationId }));
  await world.control("roles", { characterId: home.characterId, roles: ["Accountant"] });
  await checkAll();
  const without = await sees(home);

  await world.control("roles", { characterId: home.characterId, roles: director?.roles });
  await world.advance(2 * 3600);
  await checkAll();

  expect([without, await sees(home)]).toEqual([false, true]);
});

test("while ESI does not answer nobody loses anything", async () => {
  await world.control("faults", { operationId: "PostCharactersAffiliation", kind: "status", status: 503 });
  await world.control("faults", { operationId: "GetCharactersCharacterIdRoles", kind: "status", status: 503 });

  const result = await checkAll();

  expect(result.left).toBe(0);
  expect([await sees(home), await sees(rival)]).toEqual([true, true]);
});

test("a director's character whom ESI does not know keeps no other director from being checked", async () => {
  await formerDirector();
  const stranger = { corporationId: home.corporationId, characterId: 2_000_000_000 + randomInt(1e8) };
  const { data } = await directors().get(home).go();
  if (!data) throw new Error("the CEO is no director");
  await directors()
    .put({ ...data, ...stranger })
    .go();

  const { left } = await checkAll();
  await directors().delete(stranger).go();

  expect(left).toBe(1);
  expect([await sees(home), await sees(rival, home.corporationId)]).toEqual([true, false]);
});

test("nobody is confirmed by roles that may be those of another corporation: where EVE does not say where a director is, time stands", async () => {
  await world.control("faults", { operationId: "PostCharactersAffiliation", kind: "wrong_body", body: "null_item" });
  await world.control("stats", undefined, "DELETE");

  await checkAll();

  const { requests } = (await world.control("stats")) as { requests: Record<string, unknown> };
  expect(requests.GetCharactersCharacterIdRoles).toBeUndefined();
  expect([await sees(home), await sees(rival)]).toEqual([true, true]);
});

test("one director's trouble does not keep the others from being checked", async () => {
  await world.control("tokens/revoke", { characterId: home.characterId });
  await world.control("roles", { characterId: rival.characterId, roles: [] });

  await checkAll();

  expect([await sees(home), await sees(rival)]).toEqual([true, false]);
});
