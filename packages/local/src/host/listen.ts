import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { explainPort } from "./free-port.mjs";

/** Listens and gives the port. */
export function listen(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(explainPort(error, port, address));
    server.once("error", refused);
    server.listen(port, address, () => {
      server.off("error", refused);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}
