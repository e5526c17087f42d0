import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRequestForScopes, launch, openVisitor, type Visitor } from "./browser.ts";
import { dynamodb, filePieces, type Piece, scan, tablePieces } from "./dump.ts";
import { type Confidences, type EdenCorporation, type NewEden, newEden, type Sums } from "./new-eden.ts";
import { addCorporation, logIn, type Pages, patient, shown, untilFresh } from "./pilot.ts";
import { freePort, makeDataDir, type Product, startProduct } from "./product.ts";
import { findSecrets, secretsOf } from "./secrets.ts";

// One journey in steps, each going on from where the last one ended.

let home: Awaited<ReturnType<typeof makeDataDir>>;
let port: number;
let product: Product;
let eden: NewEden;
let browser: Browser;
let visitor: Visitor;
let corporation: EdenCorporation;
let pages: Pages;
let hostIsAway = false;
const confidences: Confidences[] = [];
const printed: string[] = [];

beforeAll(async () => {
  home = await makeDataDir();
  port = await freePort();
  [product, browser] = await Promise.all([startProduct({ port, dataDir: home.dataDir }), launch()]);
  eden = newEden(product.endpoints.newEden);
  visitor = await openVisitor(browser, {
    viewport: { width: 1440, height: 900 },
    expected: (trouble) => hostIsAway || isRequestForScopes(trouble),
  });
});

afterAll(async () => {
  await browser?.close();
  try {
    await product?.stop();
  } finally {
    await home?.remove();
  }
});

const web = () => product.endpoints.web;

async function openPages(overview: Page): Promise<Pages> {
  const address = `${web()}/corporations/${corporation.corporationId}`;
  const [wallet, assets] = await Promise.all([visitor.open(), visitor.open()]);
  await Promise.all([wallet.goto(`${address}/wallet`), assets.goto(`${address}/assets`)]);
  return { overview, wallet, assets };
}

test("a CEO logs in, adds a corporation of 3,000 members, and every dataset becomes fresh", async () => {
  [corporation] = (await eden.corporations()) as [EdenCorporation];
  const overview = await visitor.open();

  await logIn(overview, web(), corporation);
  await addCorporation(overview, web(), corporation);
  await untilFresh(overview);

  pages = await openPages(overview);
});

test("the pages show the exact sums that New Eden holds", async () => {
  const { corporationId } = corporation;

  const truth = await eden.sums(corporationId);

  expect(truth).toMatchObject({ members: 3000, assetCount: 100_000 });
  expect(Object.keys(truth.isk)).toHaveLength(7);
  await expect.poll(() => shown(pages), patient).toEqual(truth);
});

test("the CSV button gives the whole table as one file, however many parts the API answers it in", async () => {
  const { assets } = pages;
  const parts: string[] = [];
  assets.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith("/assets/rows.csv")) parts.push(response.url());
  });

  const [download] = await Promise.all([
    assets.waitForEvent("download"),
    assets.getByRole("button", { name: "CSV", exact: true }).click(),
  ]);

  const lines = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(download.suggestedFilename()).toBe("assets.csv");
  expect(parts.length).toBeGreaterThan(1);
  // One heading, at the top and nowhere else, after the mark by which spreadsheets know UTF-8.
  expect(lines[0]?.startsWith("\ufeff")).toBe(true);
  expect(lines.filter((each) => each.replace("\ufeff", "") === lines[0]?.slice(1))).toHaveLength(1);
  // The world lives on: some stacks were made or used up meanwhile.
  expect(Math.abs(lines.length - 1 - 100_000)).toBeLessThan(100);
  expect(new Set(lines).size).toBe(lines.length);
});

/** What New Eden hands out whole, 10 MB at a time, is not asked for ten times a second. */
const unhurried = { ...patient, interval: 1_000 };

/** The sums that were changed in New Eden and still are shown as they were. */
const unchanged = (before: Sums, now: Partial<Sums>): string[] => [
  ...(now.members === before.members ? ["members"] : []),
  ...(now.assetQuantity === before.assetQuantity ? ["assets"] : []),
  ...(now.isk?.[1] === before.isk[1] ? ["wallets"] : []),
];

test("what changes in New Eden arrives on the open pages by itself", async () => {
  const { corporationId } = corporation;
  const before = await eden.sums(corporationId);
  const all = Object.values(pages);
  const marks = () => Promise.all(all.map((page) => page.evaluate(() => document.documentElement.dataset.mark)));
  await Promise.all(all.map((page) => page.evaluate(() => document.documentElement.setAttribute("data-mark", "here"))));

  await eden.join(corporationId, 5);
  await eden.deposit(corporationId, 1, 1_234_567.89);
  await eden.changeAssets(corporationId, 0.01);
  await eden.advance(2 * 3600);

  await expect.poll(async () => unchanged(before, await shown(pages)), patient).toEqual([]);
  await expect
    .poll(async () => {
      // The wallets expire every five minutes: a new truth may have come while the last one was looked at.
      const [truth, seen] = await Promise.all([eden.sums(corporationId), shown(pages)]);
      return JSON.stringify(truth) === JSON.stringify(seen) ? "as in New Eden" : { truth, seen };
    }, unhurried)
    .toBe("as in New Eden");
  // A page that had been loaded anew would have lost its mark.
  expect(await marks()).toEqual(["here", "here", "here"]);
});

test("logging out ends the session at once, and logging in again finds the corporation", async () => {
  const { overview, wallet, assets } = pages;
  await Promise.all([wallet.close(), assets.close()]);
  const cookies = (await visitor.context.cookies(web())).map(({ name, value }) => `${name}=${value}`).join("; ");
  const ask = (cookie: string) => fetch(`${web()}/api/v1/corporations`, { headers: { cookie } });
  expect((await ask(cookies)).status).toBe(200);

  await overview.getByTestId("user-menu").click();
  await overview.getByTestId("logout").click();
  await overview.waitForURL(`${web()}/`);
  const refused = await ask(cookies);
  await logIn(overview, web(), corporation);
  await overview.getByTestId(`corporation-${corporation.corporationId}`).click();
  await overview.waitForURL(`${web()}/corporations/${corporation.corporationId}`);
  pages = await openPages(overview);

  expect(refused.status).toBe(401);
  await expect.poll(async () => (await shown(pages)).assetCount, patient).toBeGreaterThan(90_000);
});

test("after a restart the open pages are live again and everything is still there", async () => {
  const { corporationId } = corporation;
  const before = await shown(pages);
  confidences.push(await eden.confidences());

  hostIsAway = true;
  await product.stop();
  printed.push(product.said());
  product = await startProduct({ port, dataDir: home.dataDir });
  eden = newEden(product.endpoints.newEden);
  const socket = pages.overview.getByTestId("socket-state");
  await expect.poll(() => socket.getAttribute("data-state"), patient).toBe("open");
  hostIsAway = false;

  const again = await visitor.open();
  await again.goto(`${web()}/corporations/${corporationId}/assets`);
  await expect.poll(async () => (await shown({ ...pages, assets: again })).assetCount, patient).toBe(before.assetCount);
});

test("nothing went wrong in the browser on the way", () => {
  expect(visitor.troubles).toEqual([]);
});

/** Everything at rest, and everything said on the terminal. */
async function everything(): Promise<Piece[]> {
  const terminal = [...printed, product.said()].map((text) => ({ place: "terminal", bytes: Buffer.from(text) }));
  return [...tablePieces(await scan(product.endpoints)), ...filePieces(home.dataDir), ...terminal];
}

test("neither the table nor any log or file holds a token, cookie, ticket or other secret", async () => {
  const secrets = secretsOf(visitor, [...confidences, await eden.confidences()]);
  const pieces = await everything();

  const found = findSecrets(secrets, pieces);

  expect(found).toEqual([]);
  const kinds = new Set(secrets.map(({ kind }) => kind));
  const wanted = ["accessTokens", "refreshTokens", "codes", "states", "codeVerifiers", "client secret"];
  expect(kinds).toEqual(new Set([...wanted, "cookie tapi", "cookie tapi-login", "socket ticket"]));
  expect(pieces.map(({ place }) => place)).toEqual(
    expect.arrayContaining(["logs/api.log", "logs/scheduler.log", "sqs/sqs.journal", "dynamodb/dynamodb.sqlite"]),
  );
});

test("that search finds a secret in a compressed attribute, a log and an encoded header", async () => {
  const secrets = secretsOf(visitor, confidences);
  const [refreshToken, accessToken] = [confidences[0]?.refreshTokens[0], confidences[0]?.accessTokens[0]];
  const blob = gzipSync(JSON.stringify([{ note: refreshToken }])).toString("base64");
  const basic = Buffer.from("new-eden-client:new-eden-secret").toString("base64");
  await dynamodb(product.endpoints, "PutItem", {
    Item: { pk: { S: "planted" }, sk: { S: "here" }, data: { B: blob } },
  });
  const log = join(home.dataDir, "logs", "api.log");
  appendFileSync(log, `${JSON.stringify({ message: `got ${accessToken?.slice(0, -30)}…` })}\n`);
  appendFileSync(log, `${JSON.stringify({ headers: { authorization: `Basic ${basic}` } })}\n`);

  const found = findSecrets(secrets, await everything());

  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^refreshTokens in table .*planted/),
      "accessTokens in logs/api.log",
      "client secret in logs/api.log",
    ]),
  );
});
