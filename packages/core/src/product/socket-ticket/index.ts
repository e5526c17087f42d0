import * as Actor from "../../platform/actor/index.ts";
import * as Credential from "../../platform/credential/index.ts";
import * as Db from "../../platform/db/index.ts";
import { isConditionFailed, VisibleError } from "../../platform/error/index.ts";
import { SocketTicketEntity } from "./socket-ticket.entity.ts";

/** Long enough to open a socket with it, too short to be worth stealing. */
const lifeMs = 30_000;

/** Issues a ticket that opens one WebSocket: browsers send no headers there, and the cookie alone must not be enough. */
export async function issue(): Promise<{ ticket: string; expiresAt: string }> {
  const { userId, sessionId } = Actor.assertUser();
  const ticket = Credential.create();
  const validUntil = Date.now() + lifeMs;
  await SocketTicketEntity()
    .create({ ticketHash: Credential.hash(ticket), userId, sessionId, validUntil, expiresAt: Db.ttlAt(validUntil) })
    .go();
  return { ticket, expiresAt: new Date(validUntil).toISOString() };
}

const refused = () => new VisibleError("unauthorized", "socket_ticket.refused", "Ask for a new ticket.");

/** Redeems a ticket: it works once, even if several try at the same time. Errors: `socket_ticket.refused` (401). */
export async function redeem(ticket: string): Promise<{ userId: string; sessionId: string }> {
  // Public: the ticket is the credential.
  try {
    const { data } = await SocketTicketEntity()
      .remove({ ticketHash: Credential.hash(ticket) })
      .go({ response: "all_old" });
    if (!data || data.validUntil <= Date.now()) throw refused();
    return { userId: data.userId, sessionId: data.sessionId };
  } catch (error) {
    throw isConditionFailed(error) ? refused() : error;
  }
}
