import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../test/pilot.ts";
import { startWorld, type World } from "../../test/world.ts";
import * as Esi from "../eve/esi/index.ts";
import { corporation } from "../owner/index.ts";
import * as Corporation from "../owners/corporation/index.ts";
import * as Actor from "../platform/actor/index.ts";
import * as Config from "../platform/config/index.ts";
import * as Db from "../platform/db/index.ts";
import * as Access from "./index.ts";

type Director = Pilot & { corporationId: number };

const hour = 3600;
let world: World;
let home: Director;
let rival: Director;

beforeAll(async () => {
  const small = { members: 25, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [small, small] });
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  // The hours of a test do not reach EVE's daily downtime, which extends confirmations.
  await world.advanceTo("12:00");
  const [first, second] = (await world.truth()).corporations;
  home = await corporationOf(first?.ceo.characterId as number);
  rival = await corporationOf(second?.ceo.characterId as number);
});
afterEach(() => {
  process.env.ADMIN_CHARACTER_IDS = "";
  Config.reset();
});

const checkAll = () => Actor.provide({ type: "system", name: "test" }, Corporation.checkDirectors);
const canRead = (pilot: Director) => Access.canRead(pilot.userId, corporation(home.corporationId));
const requestAllowed = (pilot: Director) =>
  pilot
    .as(() => Corporation.requireReader(home.corporationId))
    .then(
      () => true,
      () => false,
    );
const revoke = (pilot: Director) => world.control("tokens/revoke", { characterId: pilot.characterId });
const esiIsDown = (status = 503) => world.control("faults", { kind: "status", status });

test("access ends when ESI has not confirmed the role for four hours, not a second before", async () => {
  await revoke(home);

  await world.advance(4 * hour - 30);
  const before = [await canRead(home), await requestAllowed(home)];
  await world.advance(31);

  expect(before).toEqual([true, true]);
  expect([await canRead(home), await requestAllowed(home)]).toEqual([false, false]);
});

test("a revoked token is no outage: checks that find it dead do not extend the confirmation", async () => {
  await revoke(home);
  for (let hours = 0; hours < 4; hours += 1) {
    await world.advance(hour);
    await checkAll();
  }

  expect([await canRead(home), await requestAllowed(home)]).toEqual([false, false]);
});

test("each confirmation gives four more hours", async () => {
  for (let hours = 0; hours < 6; hours += 1) {
    await world.advance(hour);
    await checkAll();
  }

  await revoke(home);
  await world.advance(4 * hour - 60);

  expect(await canRead(home)).toBe(true);
});

test.each(["GetCharactersCharacterIdRoles", "PostCharactersAffiliation", "SsoToken"])(
  "an outage of %s extends the confirmation by its length",
  async (operationId) => {
    await world.advance(hour);
    await checkAll();
    await world.control("faults", { operationId, kind: "status", status: 503 });
    for (let hours = 0; hours < 7; hours += 1) {
      await world.advance(hour);
      Esi.reset();
      await checkAll();
    }
    const during = await canRead(home);
    await world.control("faults", undefined, "DELETE");
    Esi.reset();
    await revoke(home);
    await world.advance(3.9 * hour);
    const before = await canRead(home);
    await world.advance(0.2 * hour);

    expect([during, before, await canRead(home)]).toEqual([true, true, false]);
  },
);

test("an outage extends the confirmation also of a token that died before it", async () => {
  await revoke(home);
  await world.advance(hour);
  await checkAll();
  await esiIsDown();
  for (let hours = 0; hours < 6; hours += 1) {
    await world.advance(hour);
    Esi.reset();
    await checkAll();
  }

  const during = await canRead(home);
  await world.control("faults", undefined, "DELETE");
  Esi.reset();
  await world.advance(3 * hour);
  await checkAll();

  expect([during, await canRead(home)]).toEqual([true, false]);
});

test("a director who was not checked for a day is checked at the request, and can read the corporation", async () => {
  await world.advance(24 * hour);

  const [list] = await home.as(() => Corporation.list());

  expect(list?.corporationId).toBe(home.corporationId);
  expect([await canRead(home), await requestAllowed(home)]).toEqual([true, true]);
});

test.each([
  ["ESI answers 503 to everything", { kind: "status", status: 503 }],
  ["ESI's error limit is used up", { kind: "error_limited", retryAfterSeconds: 60 }],
  ["SSO is down", { operationId: "SsoToken", kind: "status", status: 503 }],
])(
  "a director who was not checked for a day can read the corporation at the first request while %s",
  async (_, fault) => {
    await world.advance(24 * hour);
    await world.control("faults", fault);

    const seen = [await requestAllowed(home), await requestAllowed(home)];
    await world.control("faults", undefined, "DELETE");
    Esi.reset();

    expect(seen).toEqual([true, true]);
  },
);

test("an outage after a refusal does not restore access", async () => {
  await revoke(home);
  for (let hours = 0; hours < 4; hours += 1) {
    await world.advance(hour);
    await checkAll();
  }
  await world.advance(120);
  await esiIsDown();

  const seen = [await requestAllowed(home), await requestAllowed(home)];
  await world.control("faults", undefined, "DELETE");
  Esi.reset();

  expect(seen).toEqual([false, false]);
});

test("a director who moved to another corporation cannot read the former one again, even as a director there", async () => {
  const { directors } = await import("../director/director.entity.ts");
  const { data } = await directors().get({ corporationId: rival.corporationId, characterId: rival.characterId }).go();
  if (!data) throw new Error("the rival is no director");
  const former = { ...data, corporationId: home.corporationId };
  await directors().put(former).go();
  await world.advance(5 * hour);

  const result = await requestAllowed(rival);
  await directors().delete(former).go();

  expect(result).toBe(false);
});

test("a check of access is one read, and one more for each director of the user", async () => {
  const { consumed } = await Db.metered(() => requestAllowed(home));

  expect(consumed.requests).toBe(2);
});

const removals = [
  ["the corporation", () => Corporation.remove({ corporationId: home.corporationId })],
  [
    "a director",
    () => Corporation.removeDirector({ corporationId: home.corporationId, characterId: home.characterId }),
  ],
] as const;

test.each(removals)(
  "removing %s asks ESI in the act: while it does not answer nothing is destroyed",
  async (_, remove) => {
    await esiIsDown();

    const attempt = home.as(remove);

    await expect(attempt).rejects.toBeInstanceOf(Esi.EsiError);
    await world.control("faults", undefined, "DELETE");
    Esi.reset();
    expect(await requestAllowed(home)).toBe(true);
  },
);

test.each(removals)("who lost the role in the game an instant ago cannot remove %s", async (_, remove) => {
  // ESI keeps roles for an hour.
  await world.advance(2 * hour);
  const [director] = await home.as(() => Corporation.listDirectors({ corporationId: home.corporationId }));
  await world.control("roles", { characterId: home.characterId, roles: ["Accountant"] });

  await expect(home.as(remove)).rejects.toMatchObject({ kind: "forbidden", code: "director.not_confirmed" });
  await world.control("roles", { characterId: home.characterId, roles: director?.roles });
  await world.advance(2 * hour);
  await checkAll();
  expect(await requestAllowed(home)).toBe(true);
});

test.each(removals)(
  "who revoked the application at EVE cannot remove %s, while the others still can",
  async (_, remove) => {
    await revoke(home);

    await expect(home.as(remove)).rejects.toMatchObject({ kind: "forbidden", code: "director.not_confirmed" });
    expect(await requestAllowed(home)).toBe(true);
  },
);

test("administrators can read and remove a corporation once it has no active director, and not before", async () => {
  process.env.ADMIN_CHARACTER_IDS = String(rival.characterId);
  Config.reset();
  const before = await requestAllowed(rival);
  await revoke(home);
  await world.advance(5 * hour);
  await checkAll();

  const after = [await requestAllowed(home), await requestAllowed(rival)];
  await rival.as(() => Corporation.remove({ corporationId: home.corporationId }));

  expect(before).toBe(false);
  expect(after).toEqual([false, true]);
  expect(await Actor.provide({ type: "system", name: "test" }, () => Corporation.registered(home.corporationId))).toBe(
    undefined,
  );
  expect(await requestAllowed(rival)).toBe(false);
});
