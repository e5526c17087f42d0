import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { StartError } from "./start-error.ts";

/** Listens on loopback and gives the port. */
export function listen(server: Server, port: number, address = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(explain(error, port));
    server.once("error", refused);
    server.listen(port, address, () => {
      server.off("error", refused);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new StartError(`Port ${port} is in use. Choose another: npm start -- --port ${port + 1000}`);
  }
  if (error.code === "EACCES") return new StartError(`Port ${port} may not be opened by you. Choose one above 1023.`);
  return error;
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}
