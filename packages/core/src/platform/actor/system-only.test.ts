import "../../owners/index.ts";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Confirm from "../../director/confirm.ts";
import * as Directors from "../../director/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import * as Refresh from "../../engine/refresh/index.ts";
import * as Run from "../../engine/refresh/run.ts";
import * as Schedule from "../../engine/schedule/index.ts";
import * as Compact from "../../engine/upkeep/compact.ts";
import * as Upkeep from "../../engine/upkeep/erase.ts";
import * as Character from "../../identity/character/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as CharacterData from "../../owners/character/index.ts";
import { deactivate } from "../../owners/corporation/inactive.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import { reactivate } from "../../owners/corporation/reactivate.ts";
import * as Account from "../../product/account/index.ts";
import * as Attempts from "../../product/attempt/index.ts";
import * as Connections from "../../product/socket/connection.ts";
import * as Gateway from "../../product/socket/gateway.ts";
import * as Socket from "../../product/socket/index.ts";
import * as Transfer from "../../product/transfer/index.ts";
import * as Config from "../config/index.ts";
import * as Actor from "./index.ts";

const characterId = 2_112_000_001;
const corporationId = 98_000_001;
const connectionId = crypto.randomUUID();
const userId = crypto.randomUUID();
const sessionId = crypto.randomUUID();
const place = { corporationId, characterId };
const pilot = { characterId, name: "Anybody", ownerHash: "hash" };
const director: Directors.DirectorState = {
  ...pilot,
  userId,
  priority: 0,
  roles: ["Director"],
  scopes: [],
  failures: 1,
  lastUsedAt: 0,
  incidents: {},
  buckets: [],
};
const grant = { scopes: [], accessToken: "a", refreshToken: "r", accessExpiresAt: 0, keepWider: false };
const letter = { id: crypto.randomUUID(), at: new Date(0).toISOString(), type: "dataset.refreshed", data: {} };

/** Every function for the system alone, by where it stands, with input that it takes. */
const calls: Record<string, () => unknown> = {
  "corporation/check.ts checkDirectors": () => Corporation.checkDirectors(),
  "account/index.ts announceTokenDeath": () => Account.announceTokenDeath({ characterId, reason: "invalid_grant" }),
  "account/index.ts findOrCreateUser": () => Account.findOrCreateUser(pilot),
  "account/index.ts link": () => Account.link({ ...pilot, userId }),
  "account/index.ts unlinkIfTransferred": () => Account.unlinkIfTransferred({ characterId }),
  "character/roster.ts add": () => Character.add(pilot, userId),
  "character/roster.ts createUser": () => Character.createUser(pilot),
  "character/roster.ts unlink": () => Character.unlink({ ...pilot, userId, linkedAt: 0 }),
  "character/roster.ts update": () => Character.update(pilot, userId),
  "character/index.ts refreshAffiliation": () => Character.refreshAffiliation({ characterId }),
  "director/check.ts checkAll": () =>
    Directors.checkAll([{ ...director, corporationId, rolesCheckedAt: 0 }], async () => {}),
  "director/confirm.ts recordUnconfirmed": () => Confirm.recordUnconfirmed(place),
  "director/confirm.ts extendForOutage": () => Confirm.extendForOutage(place),
  "director/confirm.ts confirm": () => Confirm.confirm(place),
  "director/confirm.ts confirmMembership": () => Confirm.confirmMembership(place),
  "director/confirm.ts readRoles": () => Confirm.readRoles(characterId),
  "director/rows.ts load": () => Directors.load(corporationId),
  "director/health.ts recordSuccess": () => Directors.recordSuccess(corporationId, director, "members"),
  "director/health.ts recordFailure": () =>
    Directors.recordFailure(corporationId, director, { code: "esi.forbidden", message: "No.", dataset: "members" }),
  "director/rows.ts unlink": () => Directors.unlink(corporationId, characterId),
  "director/rows.ts setPreference": () => Directors.setPreference(corporationId, characterId, "first"),
  "director/rows.ts link": () => Directors.link(corporationId, director),
  "director/rows.ts reset": () => Directors.reset(corporationId, characterId, []),
  "character/roster.ts setTier": () => Character.setTier(characterId, "P1"),
  "character/index.ts enrol": () => CharacterData.enrol({ characterId }),
  "character/index.ts unlink": () => CharacterData.unlink({ ...pilot, userId, linkedAt: 1 }),
  "character/index.ts eraseUnlinked": () => CharacterData.eraseUnlinked(),
  "upkeep/erase.ts erase": () => Upkeep.erase(Owner.character(characterId), 1),
  "corporation/inactive.ts deactivate": () => deactivate(corporationId, "abandoned"),
  "corporation/inactive.ts removeAllExpired": () => Corporation.removeAllExpired(),
  "corporation/reactivate.ts reactivate": () => reactivate(corporationId, ["abandoned"]),
  "corporation/registry.ts registered": () => Corporation.registered(corporationId),
  "corporation/index.ts renew": () => Corporation.renew({ userId, characterId }),
  "attempt/index.ts recordAttempt": () =>
    Attempts.recordAttempt({
      trace: crypto.randomUUID(),
      messageId: crypto.randomUUID(),
      number: 1,
      error: new Error("no"),
      requestId: crypto.randomUUID(),
      worker: "queue",
    }),
  "socket/connection.ts connect": () => Connections.connect({ connectionId, userId, sessionId }),
  "socket/connection.ts disconnect": () => Connections.disconnect({ connectionId }),
  "socket/connection.ts close": () => Connections.close(connectionId),
  "socket/connection.ts closeSession": () => Connections.closeSession(sessionId),
  "socket/gateway.ts post": () => Gateway.post(connectionId, new Uint8Array(1)),
  "socket/gateway.ts hangUp": () => Gateway.hangUp(connectionId, {}),
  "socket/index.ts subscribe": () => Socket.subscribe({ connectionId, topics: ["user"] }),
  "socket/index.ts unsubscribe": () => Socket.unsubscribe({ connectionId, topics: ["user"] }),
  "socket/index.ts ping": () => Socket.ping({ connectionId }),
  "socket/index.ts acknowledge": () => Socket.acknowledge({ connectionId, ids: [] }),
  "socket/deliver.ts deliver": () => Socket.deliver({ ...letter, topic: `corporation:${corporationId}` }),
  "upkeep/compact.ts compactAll": () => Compact.compactAll(),
  "refresh/index.ts forget": () => Refresh.forget(Owner.corporation(corporationId), "members"),
  "refresh/run.ts run": () =>
    Run.run({ owner: Owner.corporation(corporationId), datasets: ["members"], reason: "schedule" }),
  "agenda/index.ts wake": () => Agenda.wake(Owner.corporation(corporationId), "P1"),
  "agenda/index.ts remove": () => Agenda.remove(Owner.corporation(corporationId), 1),
  "agenda/index.ts lookBy": () => Agenda.lookBy(Owner.corporation(corporationId), 1),
  "schedule/index.ts resume": () => Schedule.resume(Owner.corporation(corporationId)),
  "agenda/index.ts readAll": () => Agenda.readAll(),
  "agenda/index.ts stop": () => Agenda.stop(Owner.corporation(corporationId), Date.now()),
  "agenda/index.ts setTier": () => Agenda.setTier(Owner.corporation(corporationId), "P1"),
  "schedule/index.ts tick": () => Schedule.tick(),
  "schedule/index.ts dispatchNow": () => Schedule.dispatchNow(Owner.corporation(corporationId)),
  "token/index.ts store": () => Token.store({ ...grant, characterId, ownerHash: "hash" }),
  "token/index.ts markDead": () => Token.markDead({ characterId, reason: "invalid_grant" }),
  "token/index.ts access": () => Token.access({ characterId, purpose: "test" }),
  "token/index.ts expireAccessToken": () => Token.expireAccessToken({ characterId }),
  "token/index.ts revoke": () => Token.revoke({ characterId }),
  "token/index.ts uses": () => Token.uses({ characterId, since: 0 }),
  "token/index.ts statuses": () => Token.statuses({ characterIds: [characterId] }),
  "token/index.ts ownerBeforeTransfer": () => Token.ownerBeforeTransfer({ characterId }),
  "token/index.ts keepAlive": () => Token.keepAlive(),
  // A blob that could be opened does not exist here: what sealing asks for shows that the system went on.
  "transfer/index.ts openTokens": async () => {
    const opening = Transfer.openTokens(characterId, new Uint8Array(1));
    const [opened] = await Promise.allSettled([opening, Transfer.sealTokens(characterId, { refreshToken: "r" })]);
    if (opened.status === "rejected") throw opened.reason;
  },
  "transfer/index.ts sealTokens": () => Transfer.sealTokens(characterId, { refreshToken: "r" }),
};

const folder = new URL("../..", import.meta.url).pathname;
const head = /^(?:export )?(?:const|(?:async )?function) (\w+)/;

/** Where `Actor.assertSystem()` stands: the file and the function around it. */
function guarded(): string[] {
  const found: string[] = [];
  for (const file of readdirSync(folder, { encoding: "utf8", recursive: true })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    let around = "";
    for (const line of readFileSync(folder + file, "utf8").split("\n")) {
      around = head.exec(line)?.[1] ?? around;
      if (line.includes("Actor.assertSystem()")) found.push(`${file.split("/").slice(-2).join("/")} ${around}`);
    }
  }
  return found.sort();
}

/** Stands for everything outside this process, and refuses it. */
let asked = 0;
const outside = createServer((request, response) => {
  asked += 1;
  request.resume();
  response.writeHead(400, { "content-type": "application/json" }).end('{"__type":"ValidationException","error":"no"}');
});

beforeAll(async () => {
  await once(outside.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const servers = ["DYNAMODB_ENDPOINT", "SQS_ENDPOINT", "KMS_ENDPOINT", "ESI_BASE_URL", "SSO_BASE_URL"];
  for (const name of [...servers, "SOCKET_MANAGEMENT_ENDPOINT"]) process.env[name] = url;
  process.env.QUEUE_URL_BASE = `${url}/000000000000/tapi-`;
  Config.reset();
});
afterAll(() => {
  outside.closeAllConnections();
  outside.close();
});

/** What became of a call, and how often it asked something outside. */
async function attempt(actor: Actor.Actor, call: () => unknown): Promise<{ said: string; asked: number }> {
  const before = asked;
  const said = await Actor.provide(actor, async () => call()).then(
    () => "done",
    (error: unknown) => String(error),
  );
  return { said, asked: asked - before };
}

test("every function for the system alone is listed here, and each that is listed checks who asks", () => {
  expect(guarded()).toEqual(Object.keys(calls).sort());
});

describe.each(Object.entries(calls))("%s", (_, call) => {
  test.each([{ type: "public" }, { type: "user", userId, sessionId }] satisfies Actor.Actor[])(
    "refuses the actor $type before it reads or writes anything",
    async (actor) => {
      expect(await attempt(actor, call)).toEqual({
        said: `Error: system actor required, got ${actor.type}`,
        asked: 0,
      });
    },
  );

  test("goes on for the system", async () => {
    const answer = await attempt({ type: "system", name: "test" }, call);

    expect(answer.said).not.toContain("actor required");
    expect(answer.asked).toBeGreaterThan(0);
  });
});
