import * as Refresh from "@tapi/core/refresh";
import * as Token from "@tapi/core/token";
import { consume } from "./consume.ts";

export const handler = consume(Refresh.Message, Refresh.run, Token.flushUses);
