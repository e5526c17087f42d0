import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, directorOf, type Pilot } from "../../../test/pilot.ts";
import { receiveBatch } from "../../../test/queues.ts";
import { scan } from "../../../test/table.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Access from "../../access/index.ts";
import * as Audit from "../../audit/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import * as Refresh from "../../engine/refresh/index.ts";
import * as Schedule from "../../engine/schedule/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Account from "../../product/account/index.ts";
import * as Socket from "../../product/socket/index.ts";
import { notices } from "../../product/socket/socket.entity.ts";
import { corporations } from "./corporation.entity.ts";
import * as Corporation from "./index.ts";
import { scheduled } from "./registry.ts";

const hour = 3600;
const day = 24 * hour;

type Home = Pilot & { corporationId: number };

let world: World;
let next = 1;
/** Another corporation of the installation, which nothing happens to. */
let rival: Home;

beforeAll(async () => {
  const small = { members: 10, assets: 3, journalPerDay: 1, historyDays: 1 };
  world = await startWorld({ corporations: Array.from({ length: 24 }, () => small), startsAt: "2026-06-03T12:00:00Z" });
  rival = await corporationOf((await world.truth()).corporations[0]?.ceo.characterId as number);
  process.env.ADMIN_CHARACTER_IDS = String(rival.characterId);
  Config.reset();
});
afterAll(async () => {
  process.env.ADMIN_CHARACTER_IDS = "";
  Config.reset();
  await world?.close();
});

let home: Home;
let second: number;

async function nextHome(): Promise<{ home: Home; second: number }> {
  const corporation = (await world.truth()).corporations[next];
  next += 1;
  const found = await corporationOf(corporation?.ceo.characterId as number);
  return { home: found, second: corporation?.directors[0]?.characterId as number };
}

beforeEach(async () => {
  ({ home, second } = await nextHome());
});
afterEach(async () => {
  await world.control("faults", undefined, "DELETE");
  Esi.reset();
  // What this test was about is not checked along in the others.
  for (const { corporationId } of await system(scheduled)) {
    if (corporationId === rival.corporationId) continue;
    await system(() => Agenda.remove(Owner.corporation(corporationId), Date.now()));
    // Where nobody is, nothing happens, which is soon done.
    await world.control("close", { corporationId });
  }
});

const system = <T>(body: () => Promise<T>) => Actor.provide({ type: "system", name: "test" }, body);
const look = (corporationId: number) => world.refresh(corporationId, "public-info");

/** Hours pass, in each of which the corporations' public face is read and their directors are checked. */
async function live(hours: number): Promise<void> {
  for (let passed = 0; passed < hours; passed += 1) {
    await world.advance(hour + 60);
    for (const { corporationId } of await system(scheduled)) await look(corporationId);
    await system(Corporation.checkDirectors);
  }
}

const registered = async ({ corporationId } = home) => system(() => Corporation.registered(corporationId));
const statusOf = async (which = home) => (await registered(which))?.status;
const sees = (pilot: Pilot, { corporationId } = home) => Access.canRead(pilot.userId, Owner.corporation(corporationId));

async function requests(): Promise<Record<string, Record<string, number>>> {
  return ((await world.control("stats")) as { requests: Record<string, Record<string, number>> }).requests;
}

/** Moves a pilot into the corporation that nothing happens to. */
const move = (characterId: number) => world.control("members", { corporationId: rival.corporationId, characterId });
/** ESI answers 404 where it is asked about a corporation, or about any. */
const isUnknown = (corporationId?: number) =>
  world.control("faults", {
    ...{ kind: "status", status: 404, operationId: "GetCorporationsCorporationId" },
    ...(corporationId === undefined ? {} : { corporationId }),
  });

/** What is sent to the queues of refreshes for a corporation. */
async function sentFor({ corporationId }: Home): Promise<string[]> {
  const row = await Agenda.standingOf(Owner.corporation(corporationId));
  return Object.keys(row?.sent ?? {});
}

/** What a user is told, and until when it is kept. */
async function toldTo(userId: string) {
  for (let batch = await receiveBatch("realtime"); batch.length > 0; batch = await receiveBatch("realtime")) {
    for (const { Body = "" } of batch) await system(() => Socket.deliver(JSON.parse(Body)));
  }
  const { data } = await notices().query.byUser({ userId }).go({ pages: "all" });
  return data
    .map(({ message, expiresAt }) => ({ data: message.data as { action: string; message: string }, expiresAt }))
    .filter((each) => each.data.action.startsWith("corporation."));
}

const ends: Record<string, (home: Home) => Promise<unknown>> = {
  "its directors have left it": ({ characterId }) => move(characterId),
  "it is closed and everybody is out": ({ corporationId }) => world.control("close", { corporationId }),
  "its directors have lost the role": ({ characterId }) => world.control("roles", { characterId, roles: ["Trader"] }),
  "its directors' tokens are revoked": ({ characterId }) => world.control("tokens/revoke", { characterId }),
  "its directors' characters are sold": ({ characterId }) => world.control("owner", { characterId }),
  "its directors have taken their characters out": ({ as, characterId }) => as(() => Account.remove({ characterId })),
};

test(`nothing is fetched any more of a corporation if ${Object.keys(ends).join(", or ")}`, async () => {
  const homes = [home];
  for (const _ of Object.keys(ends).slice(1)) homes.push((await nextHome()).home);
  for (const [index, end] of Object.values(ends).entries()) await end(homes[index] as Home);
  await live(1);
  await world.advance(3 * hour);
  await live(2);

  await world.control("stats", undefined, "DELETE");
  await world.advance(2 * day);
  await system(Schedule.tick);
  for (const { corporationId } of homes) {
    await Agenda.viewed(Owner.corporation(corporationId));
    for (const dataset of ["public-info", "members", "wallets"]) await world.refresh(corporationId, dataset);
  }
  const asked = await requests();

  expect(await Promise.all(homes.map(statusOf))).toEqual(["abandoned", "closed", ...Array(4).fill("abandoned")]);
  expect(await Promise.all(homes.map(sentFor))).toEqual(homes.map(() => []));
  expect(asked).toEqual({});
});

test("a corporation that EVE closed is called so, its people are told until when its data stays, and it is in the trail", async () => {
  const other = await directorOf(second);
  await other.as(() => Corporation.add({ characterId: second }));
  await move(second);
  await live(1);
  await world.control("close", { corporationId: home.corporationId });
  await live(2);

  const { name, status, deleteAt = 0 } = (await registered()) ?? {};
  const [entry] = (await rival.as(() => Audit.list({ limit: 1 }))).entries;

  const on = new Date(deleteAt).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  expect(status).toBe("closed");
  for (const { userId } of [home, other]) {
    const [notice] = await toldTo(userId);
    expect(notice?.data.action).toBe("corporation.closed");
    expect(notice?.data.message).toContain(`${name} was closed in the game`);
    expect(notice?.data.message).toContain(`deleted on ${on}`);
    expect(notice?.expiresAt).toBe(Math.ceil(deleteAt / 1000));
  }
  expect(entry).toMatchObject({ action: "corporation.closed", subject: { corporationId: home.corporationId } });
  expect(await toldTo(rival.userId)).toEqual([]);
});

test("people are told once, whatever hours pass", async () => {
  await move(home.characterId);
  await live(4);

  expect(await toldTo(home.userId)).toHaveLength(1);
});

test("one check without a director stops nothing: the next one decides", async () => {
  await move(home.characterId);
  await live(1);
  const first = await statusOf();
  await live(1);

  expect([first, await statusOf()]).toEqual([undefined, "abandoned"]);
});

test("while one director of several is confirmed, and while EVE does not answer, the corporation goes on", async () => {
  const other = await directorOf(second);
  await other.as(() => Corporation.add({ characterId: second }));
  await world.control("tokens/revoke", { characterId: home.characterId });
  await world.advance(3 * hour);
  await live(3);
  const withOne = await statusOf();
  await world.control("faults", { kind: "status", status: 503 });
  await world.advance(5 * hour);
  await live(2);

  expect([withOne, await statusOf()]).toEqual([undefined, undefined]);
  expect(await sees(other)).toBe(true);
});

test("administrators find it among those that are not active, read it, and delete it; nobody else does", async () => {
  await move(home.characterId);
  await live(2);

  const listed = await rival.as(() => Corporation.listInactive());
  const read = await rival.as(() => Corporation.get({ corporationId: home.corporationId }));
  const refused = await rival.as(() =>
    Refresh.request({ owner: Owner.corporation(home.corporationId), dataset: "members" }).catch((error) => error.code),
  );
  await expect(home.as(() => Corporation.listInactive())).rejects.toMatchObject({ code: "request.no_such_route" });
  await rival.as(() => Corporation.remove({ corporationId: home.corporationId }));

  const mine = listed.find(({ corporationId }) => corporationId === home.corporationId);
  expect(mine).toMatchObject({ status: "abandoned", name: read.name });
  expect(read.inactive?.deleteAt).toBe(mine?.deleteAt);
  expect(refused).toBe("corporation.inactive");
  expect(await registered()).toBeUndefined();
});

/** Public-info is asked for every hour, so often, and then the directors are checked. */
async function askFor(times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) {
    await world.advance(hour + 60);
    await look(home.corporationId);
    await look(rival.corporationId);
  }
  await system(Corporation.checkDirectors);
}

test("a corporation that ESI does not know for hours is closed although a director sees it, not for a moment of it", async () => {
  await isUnknown(home.corporationId);
  await askFor(4);
  const soon = await statusOf();
  await askFor(1);

  expect([soon, await statusOf()]).toEqual([undefined, "closed"]);
  expect(await sees(home)).toBe(true);
});

test("few answers close nothing, however far apart they are", async () => {
  await isUnknown(home.corporationId);
  await askFor(2);
  await world.advance(9 * hour);
  await askFor(1);

  expect(await statusOf()).toBeUndefined();
});

test("while ESI knows none of the corporations, none is closed", async () => {
  await isUnknown();
  await askFor(8);

  expect([await statusOf(), await statusOf(rival)]).toEqual([undefined, undefined]);
});

test("an answer in between begins anew", async () => {
  await isUnknown(home.corporationId);
  await askFor(4);
  await world.control("faults", undefined, "DELETE");
  await askFor(1);
  await isUnknown(home.corporationId);
  await askFor(4);

  expect(await statusOf()).toBeUndefined();
});

const comeBack: Record<string, (roles: string[]) => Promise<unknown>> = {
  "the hourly check": () => system(Corporation.checkDirectors),
  "a visit": async () => {
    await world.advance(120);
    await home.as(() => Corporation.requireReader(home.corporationId));
  },
  "a login": async () => {
    await directorOf(home.characterId);
    await system(() => Corporation.renew(home));
  },
  "adding it again": async () => {
    const { as } = await directorOf(home.characterId);
    await as(() => Corporation.add({ characterId: home.characterId }));
  },
};

test.each(Object.entries(comeBack))(
  "a director who is back makes it active by %s, and all that is due is sent",
  async (how, come) => {
    const [before] = await home.as(() => Corporation.listDirectors({ corporationId: home.corporationId }));
    const roles = before?.roles as string[];
    if (how === "a visit") {
      // Nobody could be asked about for longer than sight lasts; the role was never lost.
      await world.advance(5 * hour);
      await corporations()
        .patch({ corporationId: home.corporationId })
        .set({ status: "abandoned", statusSince: Date.now(), deleteAt: Date.now() + 30 * day * 1000 })
        .go();
      await system(() => Agenda.stop(Owner.corporation(home.corporationId), Date.now()));
    } else {
      await world.control("roles", { characterId: home.characterId, roles: [] });
      await live(2);
      await world.control("roles", { characterId: home.characterId, roles });
      await world.advance(2 * hour);
    }
    const away = await statusOf();

    await come(roles);
    await system(Schedule.tick);

    expect([away, await statusOf()]).toEqual(["abandoned", undefined]);
    expect(await sees(home)).toBe(true);
    expect((await registered())?.deleteAt).toBeUndefined();
    expect(await sentFor(home)).toEqual(expect.arrayContaining(["public-info", "members", "wallets", "assets"]));
  },
);

/** Keys of what is stored and names the corporation, but for what people are told of its past. */
async function storedOf(): Promise<string[]> {
  const isMeant = ({ pk }: Record<string, unknown>) => pk === "audit" || /^(user|character|session)#/.test(String(pk));
  return (await scan())
    .filter((item) => JSON.stringify([item.pk, item.sk]).includes(String(home.corporationId)) && !isMeant(item))
    .map(({ pk, sk }) => `${pk} ${sk}`);
}

const clean = () => system(Corporation.removeAllExpired);
/** On to this many seconds before the data goes. */
async function advanceToExpiry(before: number): Promise<void> {
  const { deleteAt = 0 } = (await registered()) ?? {};
  await world.advance((deleteAt - Date.now()) / 1000 - before);
}

test("after thirty days everything goes, not a moment before; who was told is told again, and it is in the trail", async () => {
  await world.refresh(home.corporationId, "members");
  await move(home.characterId);
  await live(2);
  await advanceToExpiry(60);
  await clean();
  const before = (await storedOf()).length;
  await world.advance(61);

  const { removed } = await clean();

  expect(before).toBeGreaterThan(3);
  expect(removed).toBe(1);
  expect(await storedOf()).toEqual([]);
  expect((await toldTo(home.userId)).map(({ data }) => data.action)).toContain("corporation.expired");
  const [entry] = (await rival.as(() => Audit.list({ limit: 1 }))).entries;
  expect(entry).toMatchObject({
    action: "corporation.expired",
    by: "test",
    subject: { corporationId: home.corporationId },
  });
});

test("before a closed one goes ESI is asked once more: one that exists after all goes on, one that cannot be asked for stays", async () => {
  await isUnknown(home.corporationId);
  await askFor(6);
  await advanceToExpiry(-60);
  await world.control("faults", undefined, "DELETE");
  await world.control("faults", { kind: "status", status: 503, operationId: "GetCorporationsCorporationId" });
  await clean();
  const unasked = await statusOf();
  await world.control("faults", undefined, "DELETE");
  await world.advance(2 * hour);

  const { removed } = await clean();

  expect([unasked, removed, await statusOf()]).toEqual(["closed", 0, undefined]);
  expect((await storedOf()).length).toBeGreaterThan(3);
});

test("a removal that was interrupted is finished by the daily round", async () => {
  await world.refresh(home.corporationId, "members");
  await corporations().delete({ corporationId: home.corporationId }).go();
  await system(() => Agenda.stop(Owner.corporation(home.corporationId), Date.now()));

  await clean();

  expect(await storedOf()).toEqual([]);
});
