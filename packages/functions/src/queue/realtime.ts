import * as Socket from "@tapi/core/product/socket";
import * as Push from "@tapi/core/push";
import { consume } from "./consume.ts";

export const handler = consume(Push.Message, Socket.deliver);
