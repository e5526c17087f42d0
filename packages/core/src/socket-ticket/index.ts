import * as Actor from "../actor/index.ts";
import * as Credential from "../credential/index.ts";
import * as Db from "../db/index.ts";
import { isConditionFailed, VisibleError } from "../error/index.ts";
import { SocketTicketEntity } from "./socket-ticket.entity.ts";

/** Long enough to open a socket with it, too short to be worth stealing. */
const livesMs = 30_000;

/** A ticket to open one WebSocket with: browsers cannot send headers there, and the cookie must not be enough. */
export async function issue(): Promise<{ ticket: string; expiresAt: string }> {
  const { userId, sessionId } = Actor.assertUser();
  const ticket = Credential.create();
  const validUntil = Date.now() + livesMs;
  await SocketTicketEntity()
    .create({ ticketHash: Credential.hash(ticket), userId, sessionId, validUntil, expiresAt: Db.ttlAt(validUntil) })
    .go();
  return { ticket, expiresAt: new Date(validUntil).toISOString() };
}

const refused = () => new VisibleError("unauthorized", "socket_ticket.refused", "Ask for a new ticket.");

/** Whose ticket it is; it works once, for the first of any number who try at the same time. */
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
