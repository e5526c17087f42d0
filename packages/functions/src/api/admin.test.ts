import * as Config from "@tapi/core/config";
import * as Queue from "@tapi/core/queue";
import { Message } from "@tapi/core/refresh";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kill } from "../../../core/test/dead-letter.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";

const queue = "affairs";
let world: World;
let admin: Browser;
let pilot: Browser;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 50, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  process.env.ADMIN_CHARACTER_IDS = String(home?.ceo.characterId);
  Config.reset();
  [admin, pilot] = [new Browser(), new Browser()];
  await admin.logIn(home?.ceo.characterId as number);
  await pilot.logIn(home?.member.characterId as number);
});
afterAll(() => world?.close());

/** A message that has failed for good; its id. */
async function bury(corporationId: number): Promise<string> {
  await Queue.send(queue, Message, [{ message: { corporationId, dataset: "public-info", reason: "schedule" } }]);
  await kill(queue);
  const { body } = await admin.get(`/admin/dead-letters?queue=${queue}`);
  return body.data.find((letter: { corporationId: number }) => letter.corporationId === corporationId).messageId;
}

test("an administrator sees how full the queues are, and what died in them", async () => {
  const messageId = await bury(98_000_001);

  const queues = await admin.get("/admin/queues");
  const letters = await admin.get("/admin/dead-letters");

  expect(queues.status).toBe(200);
  expect(queues.body.data).toHaveLength(13);
  expect(queues.body.data).toContainEqual({ queue, waiting: 0, inFlight: 0, deadLetters: 1 });
  expect(letters).toMatchObject({
    status: 200,
    body: { data: [{ messageId, queue, corporationId: 98_000_001, dataset: "public-info" }], meta: { total: 1 } },
  });
});

test("an administrator sends one back, discards another for a reason, and finds both in the trail", async () => {
  const [first, second] = [await bury(98_000_002), await bury(98_000_003)];

  const redriven = await admin.post("/admin/dead-letters/redrive", { queue, messageId: first });
  const discarded = await admin.post("/admin/dead-letters/discard", { queue, messageId: second, reason: "not ours" });

  expect(redriven).toMatchObject({ status: 200, body: { data: { redriven: 1 } } });
  expect(discarded).toMatchObject({ status: 200, body: { data: { discarded: 1 } } });
  expect(await Queue.depth(queue)).toMatchObject({ waiting: 1 });
  const trail = await admin.get("/admin/audit?limit=2");
  expect(trail.body.data).toMatchObject([
    { action: "dead_letter.discarded", reason: "not ours", subject: { messageId: second } },
    { action: "dead_letter.redriven", subject: { messageId: first } },
  ]);
  expect(trail.body.data[0].at > trail.body.data[1].at).toBe(true);
});

test.each([
  ["no queue", { messageId: "x" }],
  ["an unknown queue", { queue: "nothing", all: true }],
  ["neither a message nor all", { queue }],
  ["all as a text", { queue, all: "yes" }],
])("redriving %s is a bad request", async (_, input) => {
  expect(await admin.post("/admin/dead-letters/redrive", input)).toMatchObject({
    status: 400,
    body: { error: { code: "request.invalid" } },
  });
});

test("discarding without a reason is a bad request, a message that is gone is not found", async () => {
  const missing = { queue: "orders", messageId: "gone" };

  expect(await admin.post("/admin/dead-letters/discard", missing)).toMatchObject({ status: 400 });
  expect(await admin.post("/admin/dead-letters/discard", { ...missing, reason: "no longer" })).toMatchObject({
    status: 404,
    body: { error: { code: "dead_letter.not_found" } },
  });
});

const routes = [
  ["GET", "/admin/queues"],
  ["GET", "/admin/dead-letters?limit=none"],
  ["GET", "/admin/audit"],
  ["POST", "/admin/dead-letters/redrive"],
  ["POST", "/admin/dead-letters/discard"],
] as const;

test.each(routes)("%s %s is to others an address that does not exist", async (method, path) => {
  for (const browser of [pilot, new Browser()]) {
    const answer = await browser.ask(method, path, method === "POST" ? { json: { queue: "nothing" } } : {});
    const nowhere = await browser.ask(method, "/nowhere", method === "POST" ? { json: {} } : {});

    expect(answer.status).toBe(404);
    expect(answer.body.error).toEqual({ ...nowhere.body.error, requestId: expect.any(String) });
  }
});

test("every route of the administrators is described", async () => {
  const { body } = await admin.get("/openapi.json");

  expect(Object.keys(body.paths).filter((path) => path.startsWith("/admin"))).toEqual([
    "/admin/queues",
    "/admin/corporations",
    "/admin/dead-letters",
    "/admin/dead-letters/redrive",
    "/admin/dead-letters/discard",
    "/admin/audit",
  ]);
});

test("an administrator is told which corporations are not active; to others the address does not exist", async () => {
  const [own, others] = [await admin.get("/admin/corporations"), await pilot.get("/admin/corporations")];

  expect(own).toMatchObject({ status: 200, body: { data: [] } });
  expect(others.status).toBe(404);
});
