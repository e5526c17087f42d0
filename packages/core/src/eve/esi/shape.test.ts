import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import * as Esi from "./index.ts";
import { caught, type Scripted, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const corporation_id = randomInt(98_000_000, 99_000_000);
const director = () => ({ accessToken: "token", characterId: randomInt(90_000_000, 98_000_000) });
const path = { corporation_id };

const asked = {
  "a list of rows": () => Esi.request("GetCorporationsCorporationIdTitles", { path, ...director() }),
  "a page": () => Esi.pages("GetCorporationsCorporationIdAssets", { path, ...director() }),
  "a list of ids": () => Esi.request("GetCorporationsCorporationIdMembers", { path, ...director() }),
  "an object": () => Esi.request("GetCorporationsCorporationId", { path }),
  "a number": () => Esi.request("GetCorporationsCorporationIdMembersLimit", { path, ...director() }),
  "a lookup": () => Esi.request("PostUniverseNames", { body: [34] }),
  "names of assets": () => Esi.request("PostCorporationsCorporationIdAssetsNames", { path, body: [34], ...director() }),
  affiliations: () => Esi.request("PostCharactersAffiliation", { body: [34] }),
  "a feed": () =>
    Esi.cursor("GetCorporationsProjectsListing", {
      path,
      ...director(),
      rowsOf: ({ projects }) => projects,
      keyOf: ({ id }) => id,
    }),
  "a history": () =>
    Esi.fromId("GetCorporationsCorporationIdWalletsDivisionTransactions", {
      path: { ...path, division: 1 },
      ...director(),
      idField: "transaction_id",
      until: () => false,
    }),
};

type Asked = keyof typeof asked;

const bodies: [string, Scripted, except?: Asked[]][] = [
  ["null", { body: "null" }],
  ["a text", { body: '"Timeout contacting tranquility"' }],
  ["a number", { body: "17" }, ["a number"]],
  ["true", { body: "true" }],
  ["an error with status 200", { body: { error: "Timeout contacting tranquility" } }],
  ["a list with null among its items", { body: "[null]" }],
  ["a list of texts", { body: ["x"] }],
  ["a list in a list", { body: [[]] }],
  ["a list of objects without a field", { body: [{}] }, ["a list of rows", "a page", "a history"]],
  ["HTML", { body: "<html></html>", headers: { "content-type": "text/html" } }],
  ["JSON cut off", { body: '[{"item_id":1},{"ite' }],
  ["two answers", { body: "[][]" }],
  ["an empty body", { body: "" }],
  ["blanks alone", { body: "  \n" }],
  ["no content", { status: 204, body: "" }],
  ["a part of the content", { status: 206, body: [] }],
  ["content to be reset", { status: 205, body: "" }],
];

describe.each(Object.entries(asked))("where %s is due", (name, ask) => {
  test.each(bodies.filter(([, , except]) => !except?.includes(name as Asked)))("%s is malformed", async (_, script) => {
    await serve(() => script);

    const error = await caught(ask());

    expect(error).toMatchObject({ name: "EsiError", kind: "malformed", retryable: true });
    expect(Esi.explain(error)).toMatch(/What is wrong with it: .{8,}\./);
  });
});

test("no content, an empty body and a body of another shape are told apart", async () => {
  const why = async (script: Scripted) => {
    await serve(() => script);
    return (await caught(asked["a list of rows"]())).why;
  };

  const reasons = [
    await why({ status: 204, body: "" }),
    await why({ body: "" }),
    await why({ body: "null" }),
    await why({ body: { error: "x" } }),
  ];

  expect(reasons).toEqual([
    "it says that there is no content, where the spec has some",
    "its body is empty",
    "null came where list is due",
    "object came where list is due",
  ]);
});

test("a feed whose list is null, missing or no list is malformed", async () => {
  for (const projects of [null, undefined, {}, "none"]) {
    await serve(() => ({ body: { projects, cursor: { before: "b", after: "a" } } }));
    expect(await caught(asked["a feed"]())).toMatchObject({ kind: "malformed" });
  }
});

test("an object of which every field may be missing may be empty", async () => {
  await serve(() => ({ body: {} }));

  const { data } = await Esi.request("GetCorporationsCorporationIdDivisions", { path, ...director() });

  expect(data).toEqual({});
});

test("null counts as absent, however deep, but where the spec gives it a meaning", async () => {
  await serve(() => ({
    body: {
      id: 1,
      fuel_access_list_id: null,
      upgrades: [{ type_id: 2, power_state: "Online", extra: null }],
      workforce_transport: { configuration: { transit: null }, state: { transit: null } },
    },
  }));

  const { data } = await Esi.request("GetCorporationsStructuresSovereigntyHubsDetail", {
    path: { ...path, sovereignty_hub_id: 1 },
    ...director(),
  });

  expect(data).toStrictEqual({
    id: 1,
    upgrades: [{ type_id: 2, power_state: "Online" }],
    workforce_transport: { configuration: { transit: null }, state: { transit: null } },
  });
});

test.each<[string, Buffer, string]>([
  ["a byte order mark", Buffer.from('\ufeff[{"title_id":1,"name":"ä"}]'), "application/json"],
  ["UTF-8 in capitals and quotes", Buffer.from('[{"title_id":1,"name":"ä"}]'), 'application/json; Charset="UTF-8"'],
  ["Latin-1", Buffer.from('[{"title_id":1,"name":"ä"}]', "latin1"), "application/json;charset=iso-8859-1"],
  ["UTF-16", Buffer.from('\ufeff[{"title_id":1,"name":"ä"}]', "utf16le"), "application/json; charset=utf-16le"],
  ["a character set that nobody knows", Buffer.from('[{"title_id":1,"name":"ä"}]'), "application/json; charset=eve"],
  ["another type", Buffer.from('[{"title_id":1,"name":"ä"}]'), "text/plain"],
])("a body with %s is read", async (_, body, type) => {
  await serve(() => ({ body, headers: { "content-type": type } }));

  const { data } = await Esi.request("GetCorporationsCorporationIdTitles", { path, ...director() });

  expect(data).toEqual([{ title_id: 1, name: "ä" }]);
});
