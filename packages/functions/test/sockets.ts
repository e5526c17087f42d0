import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as Config from "@tapi/core/platform/config";
import { WebSocket } from "ws";
import { createManagementApi, createSocketGateway } from "../../local/src/socket/index.ts";
import { handler } from "../src/socket/index.ts";

interface Pushed {
  id?: string;
  type: string;
  data: Record<string, unknown>;
}

/** A browser's end of a socket: what came, and waiting for more. */
export class Client {
  readonly received: Pushed[] = [];
  readonly closed: Promise<number>;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => this.received.push(JSON.parse(data.toString())));
    this.closed = new Promise((done) => socket.once("close", done));
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message of a type, from those that have come or will. */
  async next(type: string): Promise<Pushed> {
    for (;;) {
      const at = this.received.findIndex((message) => message.type === type);
      if (at >= 0) return this.received.splice(at, 1)[0] as Pushed;
      await new Promise((resolve, reject) => {
        this.socket.once("message", resolve);
        this.socket.once("close", () => reject(new Error(`closed before ${type} came`)));
      });
    }
  }

  async subscribe(...topics: string[]): Promise<Record<string, unknown>> {
    this.send({ action: "subscribe", topics });
    return (await this.next("subscribed")).data;
  }
}

export interface Sockets {
  /** Opens a socket; the status of the refusal where it is refused. */
  open: (protocols: string[]) => Promise<Client | number>;
  /** Ids of the connections, oldest first. */
  connected: string[];
  /** Connections that nothing can be sent to although they are there. */
  failing: Set<string>;
  close: () => Promise<void>;
}

/** The socket handler behind a real gateway, with the management address that messages are sent through. */
export async function startSockets(): Promise<Sockets> {
  const servers: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as AddressInfo).port;
  };
  const connected: string[] = [];
  const failing = new Set<string>();
  const gateway = createSocketGateway({
    socket: { routes: ["$connect", "$disconnect", "$default"], function: "socket" },
    path: "/socket",
    limits: {},
    invoke: async (_, given) => {
      const event = given as Parameters<typeof handler>[0];
      if (event.requestContext.routeKey === "$connect") connected.push(event.requestContext.connectionId);
      return handler(event);
    },
  });
  const front = createServer().on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  const port = await listen(front);
  const manage = createManagementApi(gateway);
  const management = createServer((request, response) => {
    const id = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    if (failing.has(id)) response.writeHead(500).end();
    else manage(request, response);
  });
  process.env.SOCKET_MANAGEMENT_ENDPOINT = `http://127.0.0.1:${await listen(management)}`;
  Config.reset();
  return {
    connected,
    failing,
    open: (protocols) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, protocols);
        const client = new Client(socket);
        socket.once("open", () => resolve(client)).once("error", reject);
        socket.once("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
      }),
    close: async () => {
      await gateway.close();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}
