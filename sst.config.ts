import type { SSTConfig } from "sst";
import { Alarms } from "./infra/alarms.ts";
import { Api } from "./infra/api.ts";
import { Dashboard } from "./infra/dashboard.ts";
import { Edge } from "./infra/edge.ts";
import { Endpoints } from "./infra/endpoints.ts";
import { Functions } from "./infra/functions.ts";
import { Pressure } from "./infra/pressure.ts";
import { Queues } from "./infra/queues.ts";
import { liftRuntimes } from "./infra/runtime.ts";
import { Schedules } from "./infra/schedules.ts";
import { readSettings, regionOf } from "./infra/settings.ts";
import { Site } from "./infra/site.ts";
import { Table } from "./infra/table.ts";
import { Tokens } from "./infra/tokens.ts";
import { appName } from "./packages/functions/src/topology.ts";

export default {
  config() {
    return { name: appName, region: regionOf(process.env) };
  },
  stacks(app) {
    readSettings(app);
    // Each stack uses what the ones before it made. The two APIs get their addresses, and the site its domain, before
    // the functions that have to know them, so that one deployment is enough on an empty account.
    app.stack(Table);
    app.stack(Tokens);
    app.stack(Alarms);
    app.stack(Queues);
    app.stack(Endpoints);
    app.stack(Edge);
    app.stack(Functions);
    app.stack(Api);
    app.stack(Schedules);
    app.stack(Pressure);
    app.stack(Site);
    app.stack(Dashboard);
    liftRuntimes(app, [Site]);
  },
} satisfies SSTConfig;
