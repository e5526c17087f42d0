import * as Schedule from "@tapi/core/schedule";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("scheduler", Schedule.tick);
