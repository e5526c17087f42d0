import { randomBytes, randomInt } from "node:crypto";
import * as Config from "@tapi/core/platform/config";
import * as Credential from "@tapi/core/platform/credential";
import * as Db from "@tapi/core/platform/db";
import * as Log from "@tapi/core/platform/log";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";
import { originSecretHeader, viewerAddressHeader } from "../edge-headers.ts";
import { app } from "./index.ts";

const perAddress = 300;
const perUser = 600;
const anyone = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

let world: World;
let pilots: number[];

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilots = [home?.ceo.characterId, ...(home?.directors ?? []).map(({ characterId }) => characterId)] as number[];
});
afterAll(() => world?.close());

beforeEach(() => {
  // At a window's begin: nothing of the window before counts.
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Math.ceil(Date.now() / 60_000) * 60_000);
});
afterEach(() => {
  vi.useRealTimers();
  delete process.env.ORIGIN_SECRET;
  Config.reset();
});

type Headers = Record<string, string>;
const from = (sourceIp: string, path: string, headers: Headers = {}) =>
  app.request(path, { headers }, { event: { requestContext: { http: { sourceIp } } } });

async function statuses(times: number, ask: (index: number) => Response | Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < times; index += 1) found.push((await ask(index)).status);
  return found;
}
const refused = (all: number[]) => all.filter((status) => status === 429).length;
const flood = (address: string) => statuses(perAddress, () => from(address, "/livez"));

test.each([
  "/livez",
  "/readyz",
  "/health",
  "/api/v1/auth/login",
  "/api/v1/auth/callback?state=x&code=y",
  "/api/v1/session",
  "/api/v1/datasets",
  "/api/v1/openapi.json",
  "/api/docs",
  "/api/v1/nothing",
])("a flood of one address is refused at %s, each refusal without a call, and no other address is", async (path) => {
  const address = anyone();
  await flood(address);

  const { result, consumed } = await Db.metered(() => statuses(20, () => from(address, path)));

  expect(result).toEqual(Array(20).fill(429));
  expect(consumed.requests).toBe(0);
  expect((await from(anyone(), path)).status).not.toBe(429);
});

test("an address that was refused is told when to come back", async () => {
  const address = anyone();
  await flood(address);

  const answer = await from(address, "/api/v1/session");

  expect(await answer.json()).toMatchObject({ error: { code: "limit.exceeded" } });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(answer.headers.get("ratelimit-policy")).toBe(`"address";q=${perAddress};w=60`);
});

test("whoever changes the address within one /64, or writes an IPv4 address as IPv6, is one and the same", async () => {
  const block = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
  const ipv4 = anyone();

  const six = await statuses(perAddress + 5, (index) => from(`${block}::${index.toString(16)}`, "/livez"));
  const four = await statuses(perAddress + 5, (index) => from(index % 2 ? ipv4 : `::ffff:${ipv4}`, "/livez"));

  expect([refused(six), refused(four)]).toEqual([5, 5]);
});

test("an address that a client names itself counts for nothing", async () => {
  const address = anyone();
  const named = ["x-forwarded-for", "forwarded", "x-real-ip", "cloudfront-viewer-address", viewerAddressHeader];

  const answers = await statuses(perAddress + 5, () =>
    from(address, "/livez", Object.fromEntries(named.map((name) => [name, anyone()]))),
  );

  expect(refused(answers)).toBe(5);
});

test("invented cookies count for their address", async () => {
  const address = anyone();

  const answers = await statuses(perAddress + 5, () =>
    from(address, "/api/v1/session", { cookie: `tapi=${Credential.create()}` }),
  );

  expect(refused(answers)).toBe(5);
});

async function loggedIn(characterId: number, address: string): Promise<Browser> {
  const browser = new Browser(async (path, init) =>
    app.request(path, init, { event: { requestContext: { http: { sourceIp: address } } } }),
  );
  await browser.logIn(characterId);
  await browser.get("/session");
  return browser;
}

test("a user is answered although somebody floods from the same address", async () => {
  const address = anyone();
  const browser = await loggedIn(pilots[0] as number, address);
  await flood(address);

  expect((await browser.get("/session")).status).toBe(200);
});

test("a new session gives its user no new allowance", async () => {
  const characterId = pilots[1] as number;
  const browser = await loggedIn(characterId, anyone());
  const first = await statuses(perUser, () => browser.fetch("GET", "/datasets"));

  const again = await loggedIn(characterId, anyone());

  expect(refused(first)).toBe(1);
  expect((await again.get("/session")).status).toBe(429);
});

test("where CloudFront stands before the API nobody passes it by, but for what tells whether the API is there", async () => {
  process.env.ORIGIN_SECRET = randomBytes(32).toString("hex");
  Config.reset();
  const wrong = { [originSecretHeader]: randomBytes(32).toString("hex") };

  const paths = ["/api/v1/session", "/api/v1/auth/login", "/api/docs", "/api/v1/nothing", "/livez", "/health"];
  const direct = await Promise.all(paths.map((path) => from(anyone(), path)));
  const forged = await from(anyone(), "/api/v1/session", wrong);
  const right = await from(anyone(), "/api/v1/session", { [originSecretHeader]: process.env.ORIGIN_SECRET });

  expect(direct.map(({ status }) => status)).toEqual([403, 403, 403, 403, 200, 200]);
  expect(await direct[0]?.json()).toMatchObject({ error: { code: "request.not_through_edge" } });
  expect([forged.status, right.status]).toEqual([403, 200]);
});

test("behind CloudFront the address is the viewer's, not CloudFront's", async () => {
  const secret = randomBytes(32).toString("hex");
  process.env.ORIGIN_SECRET = secret;
  Config.reset();
  const edge = anyone();
  const via = (viewer: string) =>
    from(edge, "/api/v1/session", { [originSecretHeader]: secret, [viewerAddressHeader]: viewer });
  const viewer = anyone();

  const flooding = await statuses(perAddress + 5, () => via(viewer));

  expect(refused(flooding)).toBe(5);
  expect((await via(anyone())).status).toBe(200);
});

test("behind CloudFront each request leaves a line with the viewer's address, and without its query", async () => {
  const secret = randomBytes(32).toString("hex");
  process.env.ORIGIN_SECRET = secret;
  Config.reset();
  Log.setLevel("info");
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const viewer = anyone();

  await from(anyone(), "/api/v1/auth/callback?state=x&code=private", {
    [originSecretHeader]: secret,
    [viewerAddressHeader]: viewer,
  });
  await from(anyone(), "/livez");
  stdout.mockRestore();
  Log.setLevel("error");

  const lines = written
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const requests = lines.filter(({ message }) => message === "request");
  expect(requests).toMatchObject([{ address: viewer, method: "GET", path: "/api/v1/auth/callback", status: 302 }]);
  expect(written.join("")).not.toContain("private");
});
