export { createGateway } from "./gateway.ts";
export { createSite } from "./site.ts";
