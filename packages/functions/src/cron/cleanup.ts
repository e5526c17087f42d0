import * as Refresh from "@tapi/core/refresh";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("cleanup", Refresh.compactAll);
