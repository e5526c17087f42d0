import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as Directors from "../../director/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import * as State from "../../engine/state/index.ts";
import * as Shared from "../../eve/esi/shared.ts";
import * as Refused from "../../eve/names/refused.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Flow from "../../product/login/flow.ts";
import * as SocketTicket from "../../product/socket-ticket/index.ts";
import * as Actor from "../actor/index.ts";
import * as Config from "../config/index.ts";

const corporationId = 98_000_001;
const owner = Owner.corporation(corporationId);
const characterId = 2_112_000_001;
const link = { corporationId, characterId };
const now = Date.now();

/** The table, which refuses every write for a reason that is no condition's. */
let isRefusing = false;
const table = createServer((incoming, outgoing) => {
  const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1) ?? "";
  if (isRefusing && /^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(operation)) {
    incoming.resume();
    outgoing.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
    outgoing.end('{"__type":"com.amazon.coral.validate#ValidationException","message":"refused"}');
    return;
  }
  const { method, url, headers } = incoming;
  const { hostname, port } = new URL(behind);
  incoming.pipe(
    request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    }),
  );
});
const behind = process.env.DYNAMODB_ENDPOINT ?? "";

beforeAll(async () => {
  await once(table.listen(0, "127.0.0.1"), "listening");
  process.env.DYNAMODB_ENDPOINT = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
  Config.reset();
});
beforeEach(() => {
  isRefusing = false;
});
afterAll(() => {
  table.closeAllConnections();
  table.close();
});

const calls: Record<string, () => Promise<unknown>> = {
  "schedule: remove": () => Agenda.remove(Owner.corporation(corporationId), now),
  "schedule: lookBy": () => Agenda.lookBy(Owner.corporation(corporationId), now),
  "schedule: viewed": () => Agenda.viewed(Owner.corporation(corporationId)),
  "refresh: lease": () => State.lease({ owner, addedAt: now }, "members", now),
  "refresh: leaseAnyway": () => State.leaseAnyway({ owner, addedAt: now }, "members"),
  "refresh: release": () => State.release({ owner, dataset: "members", fence: 1 } as State.State),
  "refresh: hasten": () =>
    State.hasten({ owner, dataset: "members", fence: 1, failures: 1, nextAt: now } as State.State, 1),
  "director: unlink": () => Directors.unlink(corporationId, characterId),
  "director: recordFailure": () =>
    Directors.recordFailure(
      corporationId,
      { ...link, incidents: {}, failures: 0 } as unknown as Directors.DirectorState,
      { code: "test", message: "", dataset: "members" },
    ),
  "corporation: preferDirector": () => Corporation.preferDirector({ ...link, preference: "first" }),
  "names: remember": () => Refused.remember("moons", [7]),
  "login: take": () => Flow.take(crypto.randomUUID(), "browser"),
  "session: end": () => Session.endSession(crypto.randomUUID()),
  "socket ticket: redeem": () => SocketTicket.redeem(crypto.randomUUID()),
  "token: expireAccessToken": () => Token.expireAccessToken({ characterId }),
  "token: revoke": () => Token.revoke({ characterId }),
};

test.each(Object.entries(calls))("%s says so when the table refuses a write", async (_, call) => {
  isRefusing = true;

  const attempt = Actor.provide({ type: "system", name: "test" }, call);

  await expect(attempt).rejects.toThrow(/refused/);
});

test("a probe that the table cannot note is made all the same: the table's trouble stops nobody", async () => {
  const limit = { name: `circuit#${crypto.randomUUID()}`, until: now - 1, probeUntil: now + 60_000, probed: ["one"] };
  await Shared.put(limit);
  isRefusing = true;

  expect(await Shared.claim(limit)).toBe(true);
});
