import { Message } from "@tapi/core/engine/refresh";
import * as Owner from "@tapi/core/owner";
import * as Config from "@tapi/core/platform/config";
import * as Queue from "@tapi/core/platform/queue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kill } from "../../../core/test/dead-letter.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";

const queue = "affairs";
let world: World;
let admin: Browser;
let pilot: Browser;
let ceoId: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 50, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  ceoId = home?.ceo.characterId as number;
  process.env.ADMIN_CHARACTER_IDS = String(ceoId);
  Config.reset();
  [admin, pilot] = [new Browser(), new Browser()];
  await admin.logIn(ceoId);
  await pilot.logIn(home?.member.characterId as number);
});
afterAll(() => world?.close());

/** A message that has failed for good; its id. */
async function bury(corporationId: number): Promise<string> {
  await Queue.send(queue, Message, [
    { message: { owner: Owner.corporation(corporationId), datasets: ["public-info"], reason: "schedule" } },
  ]);
  await kill(queue);
  const { body } = await admin.get(`/admin/dead-letters?queue=${queue}`);
  return body.data.find((letter: { owner?: { id: number } }) => letter.owner?.id === corporationId).messageId;
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
    body: {
      data: [{ messageId, queue, owner: { kind: "corporation", id: 98_000_001 }, datasets: ["public-info"] }],
      meta: { total: 1 },
    },
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
  ["GET", "/admin/owners"],
  ["PUT", "/admin/owners/corporation/98000001/tier"],
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
    "/admin/owners",
    "/admin/owners/{kind}/{id}/tier",
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

test("an administrator sees every owner and sets its tier; a tier or a kind that there is not is refused", async () => {
  await admin.logIn(ceoId, "?purpose=corporation");
  const [added] = (await admin.get("/corporations")).body.data;
  const address = (id: number, kind = "corporation") => `/admin/owners/${kind}/${id}/tier`;
  const { corporationId } = added;

  expect((await admin.put(address(corporationId), { tier: "P2" })).status).toBe(204);
  expect((await admin.get("/admin/owners")).body.data).toMatchObject([{ id: corporationId, tier: "P2", active: true }]);
  expect((await admin.put(address(corporationId), { tier: "P9" })).status).toBe(400);
  expect((await admin.put(address(corporationId, "fleet"), { tier: "P1" })).status).toBe(400);
  expect((await admin.put(address(1), { tier: "P1" })).body.error.code).toBe("owner.not_found");
  expect((await pilot.put(address(corporationId), { tier: "P0" })).status).toBe(404);
});
