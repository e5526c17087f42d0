import * as Actor from "@tapi/core/platform/actor";
import { VisibleError } from "@tapi/core/platform/error";
import * as Limit from "@tapi/core/platform/limit";
import * as Log from "@tapi/core/platform/log";
import * as Socket from "@tapi/core/product/socket";
import * as SocketTicket from "@tapi/core/product/socket-ticket";
import type { APIGatewayProxyResultV2 } from "aws-lambda";
import * as z from "zod";

/** API Gateway's event for a WebSocket route: the fields used here. */
interface SocketEvent {
  requestContext: { connectionId: string; routeKey: string; identity?: { sourceIp?: string } };
  headers?: Record<string, string>;
  body?: string;
}

const protocol = "tapi.v1";

const { topics } = Socket.subscribe.schema.shape;
const { ids } = Socket.acknowledge.schema.shape;
const Command = z.discriminatedUnion("action", [
  z.object({ action: z.literal("subscribe"), topics }),
  z.object({ action: z.literal("unsubscribe"), topics }),
  z.object({ action: z.literal("ack"), ids }),
  z.object({ action: z.literal("ping") }),
]);

/** The ticket comes as a subprotocol, because addresses are logged and this header is not. */
function ticketOf(headers: Record<string, string> = {}): string | undefined {
  const [, value = ""] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol") ?? [];
  const offered = value.split(",").map((each) => each.trim());
  return offered.includes(protocol)
    ? offered.find((each) => each.startsWith("ticket."))?.slice("ticket.".length)
    : undefined;
}

/** Attempts from one address: a whole corporation can reconnect at once after an outage of its network. */
const perAddress: Limit.Policy = { name: "socket", quota: 300, windowSeconds: 60 };
/** Sockets that a user opens: one for each page, and another after a lost connection. */
const perUser: Limit.Policy = { name: "socket-user", quota: 60, windowSeconds: 60 };

async function connect({ requestContext, headers }: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, identity } = requestContext;
  const network = Limit.networkOf(identity?.sourceIp ?? "") ?? "unknown";
  if (!(await Limit.take(perAddress, network)).allowed) return { statusCode: 429 };
  const ticket = ticketOf(headers);
  if (!ticket) return { statusCode: 401 };
  try {
    const owner = await SocketTicket.redeem(ticket);
    if (!(await Limit.take(perUser, owner.userId)).allowed) return { statusCode: 429 };
    await Socket.connect({ connectionId, ...owner });
    return { statusCode: 200, headers: { "Sec-WebSocket-Protocol": protocol } };
  } catch (error) {
    if (error instanceof VisibleError) return { statusCode: 401 };
    throw error;
  }
}

const encoder = new TextEncoder();

async function answer(connectionId: string, messages: unknown[]): Promise<void> {
  for (const message of messages) await Socket.post(connectionId, encoder.encode(JSON.stringify(message)));
}

/** A command with fifty topics is far shorter. */
const maxBodyLength = 16_384;

function parse(body: string | undefined): z.output<typeof Command> | undefined {
  if (body === undefined || body.length > maxBodyLength) return undefined;
  try {
    return Command.parse(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

async function receive({ requestContext: { connectionId }, body }: SocketEvent): Promise<void> {
  const admitted = Socket.admit(connectionId);
  if (admitted === "last") await Socket.close(connectionId, { forAbuse: true });
  if (admitted !== "yes") return;
  const command = parse(body);
  switch (command?.action) {
    case "subscribe":
      return answer(connectionId, await Socket.subscribe({ connectionId, topics: command.topics }));
    case "unsubscribe":
      return Socket.unsubscribe({ connectionId, topics: command.topics });
    case "ack":
      return Socket.acknowledge({ connectionId, ids: command.ids });
    case "ping":
      return answer(connectionId, await Socket.ping({ connectionId }));
    default:
      return answer(connectionId, [
        { type: "error", data: { code: "socket.bad_message", message: "Not a command of this socket." } },
      ]);
  }
}

async function route(event: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { routeKey, connectionId } = event.requestContext;
  if (routeKey === "$connect") return connect(event);
  if (routeKey === "$disconnect") await Socket.disconnect({ connectionId });
  else await receive(event);
  return { statusCode: 200 };
}

export const handler = (event: SocketEvent): Promise<APIGatewayProxyResultV2> =>
  Log.withFields({ connectionId: event.requestContext.connectionId }, () =>
    Actor.provide({ type: "system", name: "socket" }, () => route(event)),
  );
