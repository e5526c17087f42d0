import { afterAll, beforeAll, expect, test } from "vitest";
import { put, scan } from "../../../core/test/table.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";

let world: World;
let browser: Browser;
let ids: number[];
let names: string[];

beforeAll(async () => {
  const size = { members: 10, assets: 20, journalPerDay: 2 };
  world = await startWorld({ corporations: [size, size] });
  const { corporations } = await world.truth();
  ids = corporations.map(({ corporationId }) => corporationId);
  browser = new Browser();
  for (const { ceo } of corporations) {
    await browser.logIn(ceo.characterId, browser.cookies.size > 0 ? "?purpose=character" : "");
    await browser.logIn(ceo.characterId, "?purpose=corporation");
  }
  for (const id of ids) await world.refresh(id, "public-info");
  names = (await listed()).map(({ name }) => name);
});
afterAll(() => world?.close());

interface Listed {
  corporationId: number;
  name: string;
  fresh: number;
  total: number;
  unread: boolean;
}

async function listed(): Promise<Listed[]> {
  const { status, body } = await browser.get("/corporations");
  expect(status).toBe(200);
  return ids.map((id) => body.data.find(({ corporationId }: Listed) => corporationId === id));
}

/** Stores something that cannot be read while `during` runs. */
async function spoilt(sk: string, spoil: object, corporations: number[], during: () => Promise<void>): Promise<void> {
  const owners = corporations.map((id) => `corporation#${id}`);
  const items = (await scan()).filter(
    (item) => item.sk === sk && owners.includes(String(item.pk).split("#snapshot")[0] ?? ""),
  );
  expect(items.length).toBeGreaterThanOrEqual(corporations.length);
  for (const item of items) await put({ ...item, ...spoil });
  try {
    await during();
  } finally {
    for (const item of items) await put(item);
  }
}

/** Further from 1970 than any date can be. */
const noDate = { refreshedAt: 9e15 };

test("a corporation whose board cannot be read is listed uncounted, and the others as ever", async () => {
  await spoilt("dataset#public-info", noDate, ids.slice(0, 1), async () => {
    const [broken, well] = await listed();

    expect(broken).toMatchObject({ name: names[0], fresh: 0, total: 0, unread: true });
    expect(well).toMatchObject({ name: names[1], unread: false });
    expect(well?.total).toBeGreaterThan(40);
  });
  expect((await listed()).map(({ unread }) => unread)).toEqual([false, false]);
});

test("a corporation whose last refresh cannot be read is listed by the name under which it was added", async () => {
  // The head promises parts that nobody has written.
  await spoilt("head", { version: 7, baseVersion: 7 }, ids.slice(1), async () => {
    expect((await listed()).map(({ name, unread }) => ({ name, unread }))).toEqual(
      names.map((name) => ({ name, unread: false })),
    );
  });
});

test("where no corporation can be read, the answer is a failure instead of nothing counted", async () => {
  await spoilt("dataset#public-info", noDate, ids, async () => {
    expect((await browser.get("/corporations")).status).toBe(500);
  });
});
