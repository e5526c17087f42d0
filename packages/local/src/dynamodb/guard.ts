import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { comesFromNoPage } from "../wire/loopback.ts";

/** A request's head is below a kilobyte here. */
const maxHeadBytes = 16_384;

const refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

function isOurs(head: string): boolean {
  const [line = "", ...rest] = head.split("\r\n");
  const headers = Object.fromEntries(
    rest.map((each) => [
      each.slice(0, each.indexOf(":")).trim().toLowerCase(),
      each.slice(each.indexOf(":") + 1).trim(),
    ]),
  );
  return line.startsWith("POST ") && Boolean(headers["x-amz-target"]) && comesFromNoPage(headers);
}

/** Passes a connection on once its first request shows what no page can send; a browser's never becomes one of ours. */
function admit(socket: Socket, port: number): void {
  let seen = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf("\r\n\r\n");
    if (end < 0 && seen.length <= maxHeadBytes) return;
    socket.off("data", look).pause();
    if (end < 0 || !isOurs(seen.subarray(0, end).toString("latin1"))) return void socket.end(refusal);
    const server = connect(port, "127.0.0.1");
    server.setNoDelay(true);
    server.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => server.destroy());
    server.write(seen);
    socket.pipe(server).pipe(socket);
  };
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy()).on("data", look);
}

/** dynoxide answers pages of every origin: what stands before it answers none. Only a connection's first head is read. */
export async function guardDynamoDb(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    admit(socket, Number(new URL(url).port));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
