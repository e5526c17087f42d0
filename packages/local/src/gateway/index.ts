export { behindProxies, type ClientAddress, peerAddress } from "./client-address.ts";
export { createGateway } from "./gateway.ts";
export { createSite } from "./site.ts";
