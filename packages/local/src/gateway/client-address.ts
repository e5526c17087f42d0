import type { IncomingMessage } from "node:http";
import proxyAddress from "proxy-addr";

/** The address that a request came from. */
export type ClientAddress = (request: IncomingMessage) => string;

const plain = (address: string | undefined) => address?.replace(/^::ffff:/, "") ?? "127.0.0.1";

/** The other end of the connection: whatever a header says, anybody can write it. */
export const peerAddress: ClientAddress = (request) => plain(request.socket.remoteAddress);

/**
 * What the named proxies say of who asked them, by X-Forwarded-For from its right end; from anybody else the header counts
 * for nothing. Takes addresses and networks (`127.0.0.1`, `10.0.0.0/8`, `loopback`). Throws TypeError for anything else.
 */
export function behindProxies(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return peerAddress;
  const trust = proxyAddress.compile([...trusted]);
  return (request) => plain(proxyAddress(request, trust));
}
