import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { type Ask, Browser, directorOf } from "../../test/browser.ts";
import type { Document, Operation } from "./openapi.ts";

let world: World;
let director: Browser;
let stranger: Browser;
let corporationId: number;
let characterId: number;
let routes: { method: string; path: string; ask: Ask }[];

/** Parameters that a route cannot do without. */
const sample: Record<string, string> = { column: "name", at: "2026-01-01", from: "2026-01-01", to: "2026-01-02" };

/** Fields of a body that a route cannot do without. */
const bodies: Record<string, unknown> = { preference: "first" };

/** What a JSON body must hold, as the API's own description says. */
interface Described {
  content: { "application/json": { schema: { required?: string[] } } };
}

const askOf = ({ requestBody }: Operation): Ask => {
  if (!requestBody) return {};
  const { required = [] } = (requestBody as Described).content["application/json"].schema;
  return { json: Object.fromEntries(required.map((field) => [field, bodies[field]])) };
};

const withQuery = (path: string, { parameters }: Operation): string => {
  const needed = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  return needed.length === 0 ? path : `${path}?${needed.map(({ name }) => `${name}=${sample[name]}`).join("&")}`;
};

const fill = (path: string): string =>
  path
    .replace("{corporationId}", String(corporationId))
    .replace("{characterId}", String(characterId))
    .replace("{dataset}", path.startsWith("/characters") ? "wallet" : "members");

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 20, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  corporationId = home.corporationId;
  characterId = home.ceo.characterId;
  director = await directorOf(characterId);
  stranger = new Browser();
  await stranger.logIn(home.member.characterId);
  const { body } = await stranger.get("/openapi.json");
  routes = Object.entries((body as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: withQuery(path, operation),
      ask: askOf(operation),
    })),
  );
});
afterAll(() => world?.close());

test("no route of a corporation or a character answers anyone who is not logged in", async () => {
  const owned = routes.filter(({ path }) => /\{(corporation|character)Id\}/.test(path));

  const answers = await Promise.all(
    owned.map(async ({ method, path, ask }) => {
      const { status, body } = await new Browser().ask(method, fill(path), ask);
      return [method, path, status, body.error.code];
    }),
  );

  expect(owned.length).toBeGreaterThan(12);
  expect(answers).toEqual(owned.map(({ method, path }) => [method, path, 401, "session.required"]));
});

test("to a member who directs nothing the corporation does not exist, on any route", async () => {
  const ofCorporation = routes.filter(({ path }) => path.includes("{corporationId}"));

  const answers = await Promise.all(
    ofCorporation.map(async ({ method, path, ask }) => {
      const { status, body } = await stranger.ask(method, fill(path), ask);
      return [method, path, status, body?.error.code];
    }),
  );

  expect(answers).toEqual(ofCorporation.map(({ method, path }) => [method, path, 404, "corporation.not_found"]));
  expect((await director.get(`/corporations/${corporationId}`)).status).toBe(200);
});

test("a corporation that nobody added looks the same as one that is hidden", async () => {
  const [hidden, none] = await Promise.all([
    stranger.get(`/corporations/${corporationId}`),
    stranger.get("/corporations/1"),
  ]);

  const { requestId: _hidden, ...first } = hidden.body.error;
  const { requestId: _none, ...second } = none.body.error;

  expect(first).toEqual(second);
});

test("another user's character is not found, on any route", async () => {
  const ofCharacter = routes.filter(({ path }) => path.startsWith("/characters/{"));

  const answers = await Promise.all(
    ofCharacter.map(async ({ method, path, ask }) => {
      const { status, body } = await stranger.ask(method, fill(path), ask);
      return [method, path, status, body?.error.code];
    }),
  );

  expect(answers).toEqual(ofCharacter.map(({ method, path }) => [method, path, 404, "character.not_found"]));
  expect((await director.get("/characters")).body.data).toHaveLength(1);
});

test("another user's character cannot be used to add its corporation", async () => {
  const answer = await stranger.post("/corporations", { characterId });

  expect(answer).toMatchObject({ status: 404, body: { error: { code: "character.not_found" } } });
});

test("an id that is no number is a 400, not a look into somebody else's keys", async () => {
  const answers = await Promise.all(
    ["abc", "1%23director", "-1", "1.5", "1e30", "%00"].map((id) => director.get(`/corporations/${id}`)),
  );

  expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(Array(6).fill([400, "request.invalid"]));
});
