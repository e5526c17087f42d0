import * as Realtime from "@tapi/core/realtime";
import { consume } from "./consume.ts";

export const handler = consume(Realtime.Message, Realtime.deliver);
