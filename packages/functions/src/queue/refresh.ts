import * as Refresh from "@tapi/core/refresh";
import { consume } from "./consume.ts";

export const handler = consume(Refresh.Message, Refresh.run);
