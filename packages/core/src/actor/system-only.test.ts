import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Authority from "../authority/index.ts";
import * as Character from "../character/index.ts";
import * as Config from "../config/index.ts";
import * as Confirm from "../corporation/confirm.ts";
import * as Directors from "../corporation/directors.ts";
import { deactivate } from "../corporation/inactive.ts";
import * as Corporation from "../corporation/index.ts";
import { reactivate } from "../corporation/reactivate.ts";
import * as Attempts from "../dead-letter/attempts.ts";
import * as Connections from "../realtime/connection.ts";
import * as Realtime from "../realtime/index.ts";
import * as Compact from "../refresh/compact.ts";
import * as Refresh from "../refresh/index.ts";
import * as Run from "../refresh/run.ts";
import * as Schedule from "../schedule/index.ts";
import * as Token from "../token/index.ts";
import * as Transfer from "../transfer/index.ts";
import * as Actor from "./index.ts";

const characterId = 2_112_000_001;
const corporationId = 98_000_001;
const connectionId = crypto.randomUUID();
const userId = crypto.randomUUID();
const sessionId = crypto.randomUUID();
const seat = { corporationId, characterId };
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
  "authority/index.ts checkAll": () => Authority.checkAll(),
  "character/index.ts enter": () => Character.enter(pilot),
  "character/index.ts link": () => Character.link({ ...pilot, userId }),
  "character/index.ts refreshAffiliation": () => Character.refreshAffiliation({ characterId }),
  "character/index.ts afterDeath": () => Character.afterDeath({ characterId, reason: "owner_changed" }),
  "corporation/confirm.ts noteUnknown": () => Confirm.noteUnknown(seat),
  "corporation/confirm.ts stopClock": () => Confirm.stopClock(seat),
  "corporation/confirm.ts confirm": () => Confirm.confirm(seat),
  "corporation/confirm.ts confirmThere": () => Confirm.confirmThere(seat),
  "corporation/directors.ts load": () => Directors.load(corporationId),
  "corporation/directors.ts recordSuccess": () => Directors.recordSuccess(corporationId, director, "members"),
  "corporation/directors.ts recordFailure": () =>
    Directors.recordFailure(corporationId, director, { code: "esi.forbidden", message: "No.", dataset: "members" }),
  "corporation/directors.ts drop": () => Directors.drop(corporationId, characterId),
  "corporation/directors.ts prefer": () => Directors.prefer(corporationId, characterId, "first"),
  "corporation/directors.ts enlist": () => Directors.enlist(corporationId, director),
  "corporation/directors.ts revive": () => Directors.revive(corporationId, characterId, []),
  "corporation/inactive.ts deactivate": () => deactivate(corporationId, "abandoned"),
  "corporation/inactive.ts removeAllExpired": () => Corporation.removeAllExpired(),
  "corporation/reactivate.ts reactivate": () => reactivate(corporationId, ["abandoned"]),
  "corporation/registry.ts registered": () => Corporation.registered(corporationId),
  "corporation/index.ts renew": () => Corporation.renew({ userId, characterId }),
  "dead-letter/attempts.ts recordAttempt": () =>
    Attempts.recordAttempt({
      trace: crypto.randomUUID(),
      messageId: crypto.randomUUID(),
      number: 1,
      error: new Error("no"),
      requestId: crypto.randomUUID(),
      worker: "queue",
    }),
  "realtime/connection.ts connect": () => Connections.connect({ connectionId, userId, sessionId }),
  "realtime/connection.ts disconnect": () => Connections.disconnect({ connectionId }),
  "realtime/connection.ts post": () => Connections.post(connectionId, new Uint8Array(1)),
  "realtime/connection.ts close": () => Connections.close(connectionId),
  "realtime/connection.ts closeSession": () => Connections.closeSession(sessionId),
  "realtime/index.ts subscribe": () => Realtime.subscribe({ connectionId, topics: ["user"] }),
  "realtime/index.ts unsubscribe": () => Realtime.unsubscribe({ connectionId, topics: ["user"] }),
  "realtime/index.ts ping": () => Realtime.ping({ connectionId }),
  "realtime/index.ts acknowledge": () => Realtime.acknowledge({ connectionId, ids: [] }),
  "realtime/index.ts deliver": () => Realtime.deliver({ ...letter, topic: `session:${sessionId}` }),
  "refresh/compact.ts compactAll": () => Compact.compactAll(),
  "refresh/index.ts forget": () => Refresh.forget(corporationId, "members"),
  "refresh/run.ts run": () => Run.run({ corporationId, dataset: "members", reason: "schedule" }),
  "schedule/index.ts wake": () => Schedule.wake(corporationId, "P1"),
  "schedule/index.ts remove": () => Schedule.remove(corporationId, 1),
  "schedule/index.ts lookBy": () => Schedule.lookBy(corporationId, 1),
  "schedule/index.ts resume": () => Schedule.resume(corporationId),
  "schedule/index.ts corporations": () => Schedule.corporations(),
  "schedule/index.ts stop": () => Schedule.stop(corporationId, Date.now()),
  "schedule/index.ts tick": () => Schedule.tick(),
  "schedule/index.ts dispatchNow": () => Schedule.dispatchNow(corporationId),
  "token/index.ts store": () => Token.store({ ...grant, characterId, ownerHash: "hash" }),
  "token/index.ts markDead": () => Token.markDead({ characterId, reason: "invalid_grant" }),
  "token/index.ts distrust": () => Token.distrust({ characterId }),
  "token/index.ts statuses": () => Token.statuses({ characterIds: [characterId] }),
  "token/index.ts ownerHash": () => Token.ownerHash({ characterId }),
  "token/index.ts keepAlive": () => Token.keepAlive(),
  // A blob that could be opened does not exist here: what sealing asks for shows that the system went on.
  "transfer/index.ts openTokens": async () => {
    const opening = Transfer.openTokens(characterId, new Uint8Array(1));
    const [opened] = await Promise.allSettled([opening, Transfer.sealTokens(characterId, { refreshToken: "r" })]);
    if (opened.status === "rejected") throw opened.reason;
  },
  "transfer/index.ts sealTokens": () => Transfer.sealTokens(characterId, { refreshToken: "r" }),
};

const folder = new URL("..", import.meta.url).pathname;
const head = /^(?:export )?(?:const|(?:async )?function) (\w+)/;

/** Where `Actor.assertSystem()` stands: the file and the function around it. */
function guarded(): string[] {
  const found: string[] = [];
  for (const file of readdirSync(folder, { encoding: "utf8", recursive: true })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    let around = "";
    for (const line of readFileSync(folder + file, "utf8").split("\n")) {
      around = head.exec(line)?.[1] ?? around;
      if (line.includes("Actor.assertSystem()")) found.push(`${file} ${around}`);
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
