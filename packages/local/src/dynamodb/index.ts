export { startDynamoDb } from "./server.ts";
export { sweepExpired } from "./sweep.ts";
export { createTable } from "./table.ts";
