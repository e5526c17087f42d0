import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import * as Credential from "../../platform/credential/index.ts";
import * as SocketTicket from "./index.ts";
import { SocketTicketEntity } from "./socket-ticket.entity.ts";

afterEach(() => {
  vi.useRealTimers();
});

const issueAs = (userId: string, sessionId: string) =>
  Actor.provide({ type: "user", userId, sessionId }, () => SocketTicket.issue());

test("a redeemed ticket names its user and its session", async () => {
  const userId = randomUUID();
  const { ticket } = await issueAs(userId, "session-1");

  const holder = await SocketTicket.redeem(ticket);

  expect(holder).toEqual({ userId, sessionId: "session-1" });
});

test("a ticket works once", async () => {
  const { ticket } = await issueAs(randomUUID(), "s");
  await SocketTicket.redeem(ticket);

  await expect(SocketTicket.redeem(ticket)).rejects.toMatchObject({ code: "socket_ticket.refused" });
});

test("of many who redeem a ticket at the same time, one succeeds", async () => {
  const { ticket } = await issueAs(randomUUID(), "s");

  const results = await Promise.allSettled(Array.from({ length: 10 }, () => SocketTicket.redeem(ticket)));

  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
});

test("a ticket older than thirty seconds is refused, even if its row still exists", async () => {
  const { ticket } = await issueAs(randomUUID(), "s");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30_001 });

  await expect(SocketTicket.redeem(ticket)).rejects.toMatchObject({ code: "socket_ticket.refused" });
});

test("an invented ticket is refused", async () => {
  await expect(SocketTicket.redeem(Credential.create())).rejects.toMatchObject({ code: "socket_ticket.refused" });
});

test("only a user who is logged in gets a ticket", async () => {
  await expect(SocketTicket.issue()).rejects.toMatchObject({ code: "session.required" });
});

test("only a ticket's hash is stored", async () => {
  const { ticket } = await issueAs(randomUUID(), "s");

  const { data } = await SocketTicketEntity()
    .get({ ticketHash: Credential.hash(ticket) })
    .go({ data: "raw" });

  expect(data).toBeTruthy();
  expect(JSON.stringify(data)).not.toContain(ticket);
});
