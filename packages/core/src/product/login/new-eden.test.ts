import { type NewEden, startNewEden } from "@tapi/new-eden";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import * as Character from "../../identity/character/index.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Account from "../account/index.ts";
import * as Login from "./index.ts";

let eden: NewEden;

beforeAll(async () => {
  eden = await startNewEden({
    // Character ids follow from the seed: a seed of its own keeps other test files' users out of the way.
    seed: crypto.randomUUID(),
    corporations: [{ members: 12, assets: 10, journalPerDay: 1 }],
    signWith: "alternate",
  });
  Object.assign(process.env, { SSO_BASE_URL: eden.url, ESI_BASE_URL: eden.url });
  Config.reset();
});
afterAll(() => eden.close());
afterEach(() => {
  vi.useRealTimers();
});

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const control = (path: string, body: object) =>
  fetch(`${eden.url}/_control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** The whole world's clock, New Eden's and ours. */
function advance(ms: number) {
  eden.clock.advance(ms);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

/** What a person does in a browser: go where the app sends them, choose a pilot, come back. */
async function choose(characterId: number, input: Parameters<typeof Login.begin>[0] = { purpose: "login" }) {
  const { url, setCookies } = await Login.begin(input);
  const { search, origin, pathname } = new URL(url);
  const form = new URLSearchParams(search);
  form.set("character_id", String(characterId));
  const answer = await fetch(origin + pathname, { method: "POST", body: form, redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "").searchParams;
  const [, cookie = ""] = setCookies[0]?.split(/[=;]/) ?? [];
  return Login.complete({ code: back.get("code") ?? "", state: back.get("state") ?? "", cookie });
}

async function logIn(characterId: number) {
  const { setCookies } = await choose(characterId);
  const [cookie = ""] = setCookies[0]?.slice("tapi=".length).split(";") ?? [];
  const actor = await Session.resolve(cookie);
  if (!actor) throw new Error("no session");
  return <T>(body: () => T): T => Actor.provide(actor, body);
}

const pilot = (index: number) => {
  const [corporation] = eden.world.corporations;
  const chosen = eden.world.pilots.filter((one) => one.corporationId === corporation?.corporationId)[index];
  if (!chosen) throw new Error("no such pilot in this world");
  return chosen;
};

const access = (characterId: number) => asSystem(() => Token.access({ characterId, purpose: "test" }));

test("a pilot logs in and is shown with corporation and alliance", async () => {
  const { characterId, name } = pilot(0);
  const [corporation] = eden.world.corporations;

  const as = await logIn(characterId);

  const common = { characterId, name, corporationId: corporation?.corporationId };
  expect(await as(() => Session.info())).toMatchObject({
    main: { ...common, allianceId: eden.world.alliance.allianceId },
  });
  expect(await as(() => Character.list())).toMatchObject([
    { ...common, corporationName: corporation?.name, isMain: true, token: { status: "valid", scopes: ["publicData"] } },
  ]);
});

test("adding a corporation grants its scopes, and the token is refreshed when its twenty minutes are over", async () => {
  const { characterId } = pilot(0);
  const as = await logIn(characterId);
  await as(() => choose(characterId, { purpose: "corporation", scopes: ["esi-wallet.read_corporation_wallets.v1"] }));

  const first = await access(characterId);
  advance(20 * 60_000);
  const second = await access(characterId);
  advance(20 * 60_000);
  const third = await access(characterId);

  expect(first.scopes).toContain("esi-wallet.read_corporation_wallets.v1");
  expect(new Set([first, second, third].map((token) => token.accessToken)).size).toBe(3);
  expect(third.scopes).toEqual(first.scopes);
});

test("a pilot who revokes the token at EVE is told so, and can log in again", async () => {
  const { characterId } = pilot(1);
  const as = await logIn(characterId);
  await control("tokens/revoke", { characterId });
  advance(20 * 60_000);

  await expect(access(characterId)).rejects.toMatchObject({ name: "TokenDeadError", reason: "invalid_grant" });
  const [dead] = await as(() => Character.list());
  const again = await logIn(characterId);
  const [mended] = await again(() => Character.list());

  expect(dead?.token).toMatchObject({ status: "dead", reason: "invalid_grant" });
  expect(mended?.token).toMatchObject({ status: "valid" });
});

test("a character sold in the game leaves its user when its token is used next", async () => {
  const main = pilot(2);
  const sold = pilot(3);
  const as = await logIn(main.characterId);
  await as(() => choose(sold.characterId, { purpose: "character" }));
  await control("owner", { characterId: sold.characterId });
  advance(20 * 60_000);

  await expect(access(sold.characterId)).rejects.toMatchObject({ name: "TokenDeadError", reason: "owner_changed" });
  await Account.finishTokenUses();

  expect((await as(() => Character.list())).map((character) => character.characterId)).toEqual([main.characterId]);
});
