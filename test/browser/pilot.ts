import type { Page } from "playwright-core";
import type { EdenCorporation, Sums } from "./new-eden.ts";

/** An import of 100,000 assets on a busy machine takes a while; what a page missed it catches up with in a minute. */
export const patient = { timeout: 180_000, interval: 200 };

/** On New Eden's page: becomes this pilot. */
export async function choosePilot(page: Page, characterId: number): Promise<void> {
  await page.locator(`button[data-character-id="${characterId}"]`).click();
}

/** From the landing page to the dashboard. */
export async function logIn(page: Page, web: string, { ceo }: EdenCorporation): Promise<void> {
  await page.goto(web);
  await page.getByTestId("login").click();
  await choosePilot(page, ceo.characterId);
  await page.waitForURL(`${web}/dashboard`);
}

/** From the dashboard, by way of EVE's consent, to the corporation's overview. */
export async function addCorporation(page: Page, web: string, { ceo, corporationId }: EdenCorporation): Promise<void> {
  await page.getByTestId("add-first-corporation").click();
  await page.getByTestId(`add-corporation-${ceo.characterId}`).click();
  await choosePilot(page, ceo.characterId);
  await page.waitForURL(`${web}/corporations/${corporationId}`);
}

/** Each dataset on the freshness board, and its status. */
export async function board(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator("[data-testid^=freshness-]").evaluateAll((elements) =>
    elements.map((element): [string, string] => {
      const { testid = "", status = "" } = (element as HTMLElement).dataset;
      return [testid.replace("freshness-", ""), status];
    }),
  );
  return Object.fromEntries(rows);
}

/** What has expired meanwhile and is due is as fresh as is promised. */
const freshOrDue = ["fresh", "due"];

/** Waits until every dataset on the board is fresh, or in one of these states. */
export async function untilFresh(page: Page, enough: readonly string[] = freshOrDue): Promise<void> {
  const deadline = performance.now() + patient.timeout;
  for (;;) {
    const statuses = Object.entries(await board(page));
    const others = statuses.filter(([, status]) => !enough.includes(status));
    if (statuses.length > 0 && others.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Not fresh: ${others.join("; ") || "there is no board"}`);
    await new Promise((done) => setTimeout(done, patient.interval));
  }
}

/** The exact value behind a figure; undefined while it is not there. */
export async function figure(page: Page, testId: string): Promise<number | undefined> {
  const found = page.getByTestId(testId).first();
  if ((await found.count()) === 0) return undefined;
  const value = await found.getAttribute("data-value");
  return value === null ? undefined : Number(value);
}

export interface Pages {
  overview: Page;
  wallet: Page;
  assets: Page;
}

/** The sums as the open pages show them. */
export async function shown({ overview, wallet, assets }: Pages): Promise<Partial<Sums>> {
  const divisions = await wallet.locator("[data-testid^=stat-isk-]").evaluateAll((elements) =>
    elements.map((element): [string, number] => {
      const { testid = "", value = "" } = (element as HTMLElement).dataset;
      return [testid.replace("stat-isk-", ""), Number(value)];
    }),
  );
  const values = {
    members: await figure(overview, "stat-members"),
    isk: Object.fromEntries(divisions.filter(([division]) => division !== "total")),
    assetCount: await figure(assets, "stat-assets-count"),
    assetQuantity: await figure(assets, "stat-assets-quantity"),
  };
  return values as Partial<Sums>;
}
