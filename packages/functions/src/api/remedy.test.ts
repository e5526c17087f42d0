import * as Refresh from "@tapi/core/engine/refresh";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import { refreshQueues } from "@tapi/core/platform/topology";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { consumed, receiveBatch } from "../../../core/test/queues.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { type Browser, directorOf } from "../../test/browser.ts";

// What a person is offered when something is wrong has to mend it, and what waited for it goes on at once.

let world: World;
let corporationId: number;
let ceo: number;
let second: number;
let director: Browser;

/** A few of many, of different queues. */
const some = ["wallets", "members", "orders"];

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 30, assets: 20, journalPerDay: 2 }] });
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  corporationId = home.corporationId;
  ceo = home.ceo.characterId;
  second = home.directors.find((each) => each.characterId !== ceo)?.characterId as number;
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  director = await directorOf(ceo);
  await work();
  await world.advance(2 * 3600);
});

const at = (path = "") => `/corporations/${corporationId}${path}`;
const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

/** Works on all that is queued, as the refresh workers do; the datasets it was about. */
async function work(): Promise<string[]> {
  const worked = new Set<string>();
  for (const queue of refreshQueues) {
    for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) {
      for (const { Body = "" } of batch) {
        const message = JSON.parse(Body) as Refresh.Message;
        const datasets = message.datasets.filter((each) => some.includes(each));
        if (datasets.length > 0) await asSystem(() => Refresh.run({ ...message, datasets }));
        for (const each of message.datasets) worked.add(each);
      }
      await consumed(queue, batch);
    }
  }
  return [...worked].sort();
}

interface Entry {
  dataset: string;
  status: string;
  lastError?: { code: string; message: string };
}

async function board(): Promise<Record<string, Entry>> {
  const { body } = await director.get(at("/freshness"));
  return Object.fromEntries((body.data as Entry[]).map((entry) => [entry.dataset, entry]));
}

const statuses = async () => {
  const entries = await board();
  return some.map((name) => entries[name]?.status);
};

const all = (status: string) => some.map(() => status);

async function token() {
  const { body } = await director.get("/characters");
  return body.data.find((each: { characterId: number }) => each.characterId === ceo).token;
}

const health = async (characterId: number) =>
  (await director.get(at("/directors"))).body.data.find(
    (each: { characterId: number }) => each.characterId === characterId,
  );

/** The token is revoked at EVE, and the next refreshes find out. */
async function revoke(): Promise<void> {
  await world.control("tokens/revoke", { characterId: ceo });
  for (const dataset of some) await world.refresh(corporationId, dataset);
}

test.each([
  ["character", "/characters"],
  ["corporation", "/directors"],
])(
  "a login to renew a dead token (%s) brings back every scope, heals the director and fetches at once what waited",
  async (purpose, returnTo) => {
    await revoke();
    const before = { token: await token(), statuses: await statuses(), health: await health(ceo) };

    const page = await director.logIn(ceo, `?purpose=${purpose}&returnTo=${returnTo}&characterId=${ceo}`);
    const after = { token: await token(), health: await health(ceo) };
    const worked = await work();

    expect(before).toMatchObject({ token: { status: "dead" }, statuses: all("blocked"), health: { healthy: false } });
    expect(page).toBe(returnTo);
    expect(after.token).toMatchObject({ status: "valid", missingScopes: [] });
    expect(after.token.scopes).toEqual(expect.arrayContaining(Datasets.directorScopes()));
    expect(after.health).toMatchObject({ healthy: true, consecutiveFailures: 0, missingScopes: [] });
    expect(worked).toEqual(expect.arrayContaining(some));
    expect(await statuses()).toEqual(all("fresh"));
  },
);

test("a plain login in place of a dead token does not pass for the whole: what it cannot do is listed, and can be renewed", async () => {
  await revoke();

  await director.logIn(ceo);
  const narrow = { token: await token(), health: await health(ceo) };
  await director.logIn(ceo, `?purpose=character&returnTo=/characters&characterId=${ceo}`);
  await work();

  expect(narrow.token).toMatchObject({ status: "valid", scopes: ["publicData"] });
  expect(narrow.token.missingScopes).toEqual(Datasets.directorScopes());
  expect(narrow.health.missingScopes).toEqual(Datasets.directorScopes());
  expect(await token()).toMatchObject({ status: "valid", missingScopes: [] });
  expect(await statuses()).toEqual(all("fresh"));
});

/** Where EVE sends the browser back to after granting a part of what was asked for. */
async function grantOnly(scopes: string[], query: string): Promise<string> {
  const begun = await director.get(`/auth/login${query}`);
  const url = new URL(begun.headers.get("location") ?? "");
  url.searchParams.set("scope", scopes.join(" "));
  const chosen = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ character_id: String(ceo) }),
    redirect: "manual",
  });
  const { pathname, search } = new URL(chosen.headers.get("location") ?? "");
  return (await director.get(pathname + search)).headers.get("location") ?? "";
}

test("scopes that EVE did not grant are missing, whatever was granted beside them, and their datasets say so", async () => {
  await revoke();
  const [kept, ...rest] = ["esi-wallet.read_corporation_wallets.v1", "esi-characters.read_corporation_roles.v1"];

  await grantOnly(
    ["publicData", kept as string, ...rest],
    `?purpose=character&returnTo=/characters&characterId=${ceo}`,
  );
  await work();

  const { missingScopes } = await token();
  expect(missingScopes).toEqual(Datasets.directorScopes().filter((scope) => scope !== kept && !rest.includes(scope)));
  const { wallets, members } = await board();
  expect(wallets).toMatchObject({ status: "fresh" });
  expect(members).toMatchObject({ status: "blocked", lastError: { code: "director.scope_missing" } });
});

test("another character chosen at EVE than the one to renew changes nothing, and is told", async () => {
  await revoke();
  const before = (await director.get("/characters")).body;

  const page = await director.logIn(second, `?purpose=character&returnTo=/characters&characterId=${ceo}`);

  expect(page).toBe("/characters?error=session.other_character");
  expect((await director.get("/characters")).body).toEqual(before);
});

test("only one's own character can be renewed", async () => {
  const page = await director.get(`/auth/login?purpose=character&characterId=${second}`);

  expect(page.headers.get("location")).toBe("/?error=character.not_found");
});

test("a director who is well keeps roles, health and schedule at another login", async () => {
  for (const dataset of some) await world.refresh(corporationId, dataset);
  await work();
  const before = await health(ceo);

  await director.logIn(ceo);

  expect(await health(ceo)).toEqual(before);
  expect(await work()).toEqual([]);
});

const refuse = () => world.control("faults", { pathRegex: "^/corporations/", kind: "status", status: 403 });

test("a person's refresh of what was refused is tried at once with every director, and the reason stays until it works", async () => {
  await refuse();
  await world.refresh(corporationId, "wallets");
  const refused = (await board()).wallets;

  // Something else works meanwhile, which takes the director's last error away.
  await director.post(at("/datasets/wallets/refresh"));
  await work();
  const again = (await board()).wallets;
  await world.control("faults", undefined, "DELETE");
  await world.refresh(corporationId, "members");
  const meanwhile = (await board()).wallets;
  const answer = await director.post(at("/datasets/wallets/refresh"));
  const queued = (await board()).wallets;
  await work();

  expect(refused?.lastError?.message).toMatch(/lacks the in-game role/);
  for (const entry of [again, meanwhile, queued]) {
    expect(entry).toMatchObject({ status: "blocked", lastError: { message: refused?.lastError?.message } });
  }
  expect(answer).toMatchObject({ status: 202, body: { data: { status: "queued" } } });
  expect((await board()).wallets).toMatchObject({ status: "fresh" });
  expect((await board()).wallets?.lastError).toBeUndefined();
});

test("the schedule does not ask a director again who was refused a moment ago, a person does, and not without end", async () => {
  await refuse();
  await world.refresh(corporationId, "orders");
  const asked = async () => {
    const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
    return Object.values(requests.GetCorporationsCorporationIdOrders ?? {}).reduce((sum, count) => sum + count, 0);
  };
  const before = await asked();

  const answers: string[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    answers.push((await director.post(at("/datasets/orders/refresh"))).body.data.status);
    await work();
  }

  expect(answers).toEqual([...Array.from({ length: 6 }, () => "queued"), "too_early", "too_early"]);
  expect((await asked()) - before).toBe(6);
});

test("refresh all queues everything that has expired or failed, and nothing that is fresh", async () => {
  await world.refresh(corporationId, "members");
  await refuse();
  await world.refresh(corporationId, "wallets");
  await world.control("faults", undefined, "DELETE");

  const answer = await director.post(at("/refresh"));
  const worked = await work();

  expect(answer).toMatchObject({ status: 202, body: { data: { status: "queued" } } });
  expect(worked).toEqual(expect.arrayContaining(["wallets", "orders", "assets"]));
  expect(worked).not.toContain("members");
  expect((await board()).wallets).toMatchObject({ status: "fresh" });
});
