import "@tapi/core/owners";
import * as Schedule from "@tapi/core/engine/schedule";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("scheduler", Schedule.tick);
