export type { LocalEndpoints } from "./host/environment.ts";
export { type Host, type HostOptions, startHost } from "./host/start-host.ts";
