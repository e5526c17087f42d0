export { compactAll } from "./compact.ts";
export { erase } from "./erase.ts";
