export { createManagementApi } from "./management.ts";
export { createSocketGateway, type SocketGateway } from "./socket-gateway.ts";
