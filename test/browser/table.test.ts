import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRequestForScopes, launch, openVisitor, type Visitor } from "./browser.ts";
import { type EdenCorporation, type NewEden, newEden } from "./new-eden.ts";
import { addCorporation, choosePilot, logIn, patient, untilFresh } from "./pilot.ts";
import { freePort, makeDataDir, type Product, startProduct } from "./product.ts";

let home: Awaited<ReturnType<typeof makeDataDir>>;
let product: Product;
let eden: NewEden;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let corporation: EdenCorporation;
let address: string;

beforeAll(async () => {
  home = await makeDataDir();
  [product, browser] = await Promise.all([startProduct({ port: await freePort(), dataDir: home.dataDir }), launch()]);
  eden = newEden(product.endpoints.newEden);
  corporation = (await eden.corporations()).at(-1) as EdenCorporation;
  address = `${product.endpoints.web}/corporations/${corporation.corporationId}`;
  visitor = await openVisitor(browser, { viewport: { width: 1440, height: 900 }, expected: isRequestForScopes });
  page = await visitor.open();
  await logIn(page, product.endpoints.web, corporation);
  await addCorporation(page, product.endpoints.web, corporation);
  await untilFresh(page);
});

afterAll(async () => {
  await browser?.close();
  try {
    await product?.stop();
  } finally {
    await home?.remove();
  }
});

const matched = async (on = page) => Number(await on.getByTestId("rows-matched").getAttribute("data-value"));

type By = "mouse" | "keyboard" | "touch";

/** As long as a list that goes with the closing menu would need to be gone, twice and more. */
const frames = (on: Page) =>
  on.evaluate(async () => {
    for (let left = 60; left > 0; left -= 1) await new Promise(requestAnimationFrame);
  });

/** Opens the list of a column's values by the Filter button and takes the first; gives how many rows it says to have. */
async function filterBy(on: Page, title: string, by: By): Promise<number> {
  const press = (what: Locator) => (by === "mouse" ? what.click() : by === "touch" ? what.tap() : what.press("Enter"));
  await press(on.getByRole("button", { name: "Filter", exact: true }));
  await press(on.getByRole("menuitem", { name: title, exact: true }));
  const value = on.locator("[data-radix-popper-content-wrapper] li > button[aria-pressed]").first();
  await value.waitFor();
  await frames(on);
  const count = Number((await value.locator("span").last().textContent())?.replaceAll(",", ""));
  await press(value);
  await expect.poll(() => value.getAttribute("aria-pressed"), patient).toBe("true");
  await on.keyboard.press("Escape");
  return count;
}

test.each([
  ["mouse", "assets", "Item"],
  ["keyboard", "assets", "Item"],
  ["keyboard", "assets", "Assembled"],
  ["mouse", "data/contracts", "Status"],
  ["mouse", "data/structures", "System"],
  ["keyboard", "wallet?table=journal", "Division"],
] as const)("by %s, Filter on %s narrows the table to the rows that a value of %s has", async (by, path, title) => {
  await page.goto(`${address}/${path}`);
  await page.getByTestId("rows-matched").waitFor();
  const all = await matched();

  const count = await filterBy(page, title, by);

  expect(count).toBeGreaterThan(0);
  await expect.poll(() => matched(), patient).toBe(count);
  await page.getByRole("button", { name: `Lift the filter on ${title}` }).click();
  await expect.poll(() => matched(), patient).toBe(all);
});

test("by touch on a phone, Filter narrows a table to the rows that a value of the column has", async () => {
  const { open, troubles } = await openVisitor(browser, { viewport: { width: 390, height: 844 }, touch: true });
  const phone = await open();
  await logIn(phone, product.endpoints.web, corporation);
  for (const title of ["Item", "Division"]) {
    await phone.goto(`${address}/${title === "Item" ? "assets" : "wallet?table=journal"}`);
    await phone.getByTestId("rows-matched").waitFor();

    const count = await filterBy(phone, title, "touch");

    await expect.poll(() => matched(phone), patient).toBe(count);
  }
  expect(troubles).toEqual([]);
  await phone.context().close();
});

test("a filter that is set can be changed: a second value adds its rows", async () => {
  await page.goto(`${address}/assets`);
  await page.getByTestId("rows-matched").waitFor();
  const first = await filterBy(page, "Item", "mouse");
  const chip = page.locator("button:has(+ [aria-label='Lift the filter on Item'])");

  await chip.click();
  const value = page.locator("[data-radix-popper-content-wrapper] li > button[aria-pressed=false]").first();
  await value.waitFor();
  const second = Number((await value.locator("span").last().textContent())?.replaceAll(",", ""));
  await value.click();

  await expect.poll(() => matched(), patient).toBe(first + second);
});

test("a view keeps search, order and columns under a name until it is deleted", async () => {
  await page.goto(`${address}/assets?q=${encodeURIComponent("an")}&sort=-quantity`);
  await page.getByTestId("rows-matched").waitFor();
  const views = page.getByRole("button", { name: "Views", exact: true });
  await views.click();
  await page.getByLabel("Name of the new view").fill("Many of them");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.goto(`${address}/assets`);
  await views.click();

  await page.getByRole("button", { name: "Many of them", exact: true }).click();

  await expect.poll(() => new URL(page.url()).search, patient).toBe("?q=an&sort=-quantity");
  await views.click();
  await page.getByRole("button", { name: "Delete the view Many of them" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Many of them" }).count(), patient).toBe(0);
});

test("Refresh all asks for everything, and says what comes of it", async () => {
  await page.goto(address);
  const button = page.getByTestId("refresh-all");
  await button.waitFor();

  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("/refresh")),
    button.click(),
  ]);

  expect(answer.ok()).toBe(true);
  await page.getByText(/^(Everything that can be newer is on its way|EVE has nothing newer yet)$/).waitFor();
});

test("a token that was revoked at EVE is told, and Log in with it again mends it", async () => {
  await eden.revoke(corporation.ceo.characterId);
  await eden.advance(2 * 3600);
  await page.goto(`${product.endpoints.web}/characters`);
  const status = () => page.getByTestId("token-status").getAttribute("data-status");
  await expect.poll(status, patient).toBe("dead");

  await page.getByRole("link", { name: "Log in with it again" }).click();
  await choosePilot(page, corporation.ceo.characterId);

  await page.waitForURL(`${product.endpoints.web}/characters`);
  await expect.poll(status, patient).toBe("valid");
});
