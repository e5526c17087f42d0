import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { CloseStack } from "./close-stack.ts";
import { closeServer, listen } from "./listen.ts";
import { usualAddress } from "./listen-address.mjs";

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** A server that opens its port at once, so that a busy one is told early, and learns later what to serve. */
export interface Front {
  port: number;
  serve(listener: RequestListener, upgrade?: Upgrade): void;
}

const unavailable: RequestListener = (_request, response) => {
  response.writeHead(503, { "retry-after": "1", "content-type": "text/plain" }).end("TAPI is starting or stopping.\n");
};

const refuse: Upgrade = async (_request, socket) => {
  socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
};

/**
 * How to close a server and whatever is still connected to it. Node forgets a connection once it asks for an upgrade: one
 * that is refused, or comes in while the host stops, would keep the server open for as long as the other side likes.
 */
function closing(server: Server): () => Promise<void> {
  const connected = new Set<Socket>();
  server.on("connection", (socket) => {
    connected.add(socket);
    socket.once("close", () => connected.delete(socket));
  });
  return async () => {
    const closed = closeServer(server);
    for (const socket of connected) socket.destroy();
    await closed;
  };
}

/** Opens it on loopback, unless it is told another address of this machine. */
export async function openFront(name: string, port: number, stack: CloseStack, address = usualAddress): Promise<Front> {
  const current = { listener: unavailable, upgrade: refuse };
  const create = () =>
    createServer((request, response) => current.listener(request, response)).on("upgrade", (request, socket, head) => {
      void current.upgrade(request, socket, head);
    });
  const server = create();
  const opened = await listen(server, port, address);
  stack.add(name, closing(server));
  if (address === usualAddress) await openSix(name, create(), { port: opened, wanted: port !== 0 }, stack);
  return {
    port: opened,
    serve: (listener, upgrade = refuse) => {
      current.listener = listener;
      current.upgrade = upgrade;
    },
  };
}

/** `localhost` is ::1 first on many machines; where there is no IPv6, browsers fall back by themselves. */
async function openSix(
  name: string,
  six: Server,
  { port, wanted }: { port: number; wanted: boolean },
  stack: CloseStack,
) {
  try {
    await listen(six, port, "::1");
  } catch (error) {
    const { code } = (error as Error).cause as NodeJS.ErrnoException;
    if (wanted && code === "EADDRINUSE") throw error;
    return;
  }
  stack.add(name, closing(six));
}

/** Answers 503 from now on: the last requests of a stopping host must not wait. */
export const stopServing = (front: Front): void => front.serve(unavailable);
