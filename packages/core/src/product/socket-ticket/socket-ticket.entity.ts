import { Entity } from "electrodb";
import * as Db from "../../platform/db/index.ts";

// byTicket: a ticket by its hash.
export const SocketTicketEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "socket-ticket", version: "1", service: Db.service },
        attributes: {
          ticketHash: { type: "string", required: true },
          userId: { type: "string", required: true },
          sessionId: { type: "string", required: true },
          /** To the millisecond: half a minute is too short for the table's seconds. */
          validUntil: { type: "number", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byTicket: {
            pk: { field: "pk", composite: ["ticketHash"], template: "ticket#${ticketHash}", casing: "none" },
            sk: { field: "sk", composite: [], template: "ticket", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);
