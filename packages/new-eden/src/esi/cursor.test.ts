import { afterAll, beforeAll, expect, test } from "vitest";
import { hourMs } from "../clock.ts";
import { type NewEden, startNewEden } from "../index.ts";
import { Client, control } from "../test/client.ts";

let eden: NewEden;
let ceo: Client;
let corporationId: number;

interface Listing {
  projects: { id: string; last_modified: string; state: string }[];
  cursor?: { before?: string; after?: string };
}

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 400, assets: 10, journalPerDay: 0 }] });
  const [corporation] = eden.world.corporations;
  corporationId = corporation?.corporationId as number;
  ceo = await Client.login(eden.url, corporation?.ceo.characterId as number);
});
afterAll(() => eden.close());

const list = async (query: string) =>
  (await ceo.get<Listing>(`/corporations/${corporationId}/projects?state=All&${query}`)).body;

/** Walks back in time until a page is empty. */
async function walk(): Promise<{ pages: Listing[]; ids: string[] }> {
  const pages = [await list("limit=10")];
  for (;;) {
    const before = pages.at(-1)?.cursor?.before;
    const page = await list(`limit=10&before=${before}`);
    if (page.projects.length === 0)
      return { pages, ids: pages.flatMap(({ projects }) => projects.map(({ id }) => id)) };
    pages.push(page);
  }
}

test("walking back from the newest page gives every record once, in the order of change", async () => {
  const truth = await control<{ id: string }[]>(eden.url, "GET", `/truth/${corporationId}/projects`);

  const { pages, ids } = await walk();

  const stamps = pages.reverse().flatMap(({ projects }) => projects.map(({ last_modified }) => last_modified));
  expect(ids.length).toBe(truth.length);
  expect(new Set(ids)).toEqual(new Set(truth.map(({ id }) => id)));
  expect(stamps).toEqual([...stamps].sort());
});

test("what changed since shows up after the cursor, newer versions of known records among it", async () => {
  const { pages, ids } = await walk();
  const known = new Map(pages.flatMap(({ projects }) => projects.map((project) => [project.id, project])));
  eden.clock.advance(6 * hourMs);
  ceo = await Client.login(eden.url, eden.world.corporations[0]?.ceo.characterId as number);

  const { projects, cursor } = await list(`limit=100&after=${pages[0]?.cursor?.after}`);
  const nothing = await list(`limit=100&after=${cursor?.after}`);

  expect(projects.length).toBeGreaterThan(0);
  for (const project of projects) expect(known.get(project.id)).not.toEqual(project);
  expect(projects.some(({ id }) => ids.includes(id))).toBe(true);
  expect(nothing.projects).toEqual([]);
});

test("only active projects are listed unless all are asked for", async () => {
  const active = (await ceo.get<Listing>(`/corporations/${corporationId}/projects?limit=100`)).body.projects;
  const all = (await list("limit=100")).projects;

  expect(new Set(active.map(({ state }) => state))).toEqual(new Set(["Active"]));
  expect(new Set(all.map(({ state }) => state)).size).toBeGreaterThan(1);
});

test("a cursor that means nothing, or both at once, is refused", async () => {
  const path = `/corporations/${corporationId}/projects`;

  const answers = await Promise.all([
    ceo.get(`${path}?before=nonsense`),
    ceo.get(`${path}?before=0&after=0`),
    ceo.get(`${path}?limit=1000`),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
});
