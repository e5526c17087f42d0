import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Clock } from "./clock.ts";
import { controlRoutes } from "./control/index.ts";
import { controlPage } from "./control/page.ts";
import { summary } from "./control/summary.ts";
import { Downtime } from "./esi/downtime.ts";
import { type EsiParts, esiRoutes } from "./esi/gateway.ts";
import { Buckets, ErrorLimit } from "./esi/limits.ts";
import { Readings } from "./esi/reading.ts";
import { Snapshots } from "./esi/snapshots.ts";
import { Faults } from "./fault/index.ts";
import { noForms, ownPagesOnly } from "./own-pages.ts";
import { Simulation } from "./simulation.ts";
import { AccessTokens } from "./sso/access-tokens.ts";
import { Codes } from "./sso/codes.ts";
import { Confidences } from "./sso/confidences.ts";
import { ssoFaults } from "./sso/faulty.ts";
import { Grants } from "./sso/grants.ts";
import { ssoRoutes } from "./sso/index.ts";
import { type Algorithm, openKeys } from "./sso/keys.ts";
import { Stats } from "./stats.ts";
import { Store } from "./store/index.ts";
import type { CorporationPlan } from "./world/corporation-plan.ts";

export { clientId, clientSecret } from "./sso/clients.ts";

export interface NewEdenOptions {
  /** 0 or none: any free port. */
  port?: number;
  /** If something else listens on that port, any free one will do. */
  orAnyPort?: boolean;
  /** The same seed gives the same people, corporations and goods. */
  seed?: string;
  /** Default: 3,000 members with 100,000 assets, 400 and 25 members. */
  corporations?: readonly Partial<CorporationPlan>[];
  /** Where keys, logins, the clock and what was changed by hand outlive the process; default: nowhere. */
  dataDir?: string;
  signWith?: Algorithm | "alternate";
  /** Down every day from 11:00 to 11:05 UTC, as the game is. */
  dailyDowntime?: boolean;
  /** Told how far a kept world has come while it lives through the time since it began. */
  onCatchUp?: (atMs: number) => void;
}

export interface NewEden {
  url: string;
  /** Figures of the world as it is now; the same as GET /_control/world. */
  readonly world: ReturnType<typeof summary>;
  clock: Clock;
  faults: Faults;
  close(): Promise<void>;
}

/** Starts a simulated EVE: single sign-on, ESI and a control API on one port of this machine. */
export async function startNewEden(options: NewEdenOptions = {}): Promise<NewEden> {
  const store = new Store(options.dataDir);
  const simulation = new Simulation({ store, seed: options.seed, corporations: options.corporations });
  await simulation.catchUp(options.onCatchUp);
  const keys = await openKeys(store);
  const grants = new Grants(store, simulation.clock.now());
  const confidences = new Confidences();
  const parts: EsiParts = {
    simulation,
    accessTokens: new AccessTokens(keys, store, options.signWith),
    snapshots: new Snapshots(),
    buckets: new Buckets(),
    errorLimit: new ErrorLimit(),
    readings: new Readings(),
    faults: new Faults(),
    stats: new Stats(),
    downtime: new Downtime(options.dailyDowntime ?? false),
  };
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(ownPagesOnly);
  app.use("/_control/*", noForms);
  app.use(ssoFaults(parts.faults, parts.stats));
  app.get("/", (c) => c.html(controlPage(parts)));
  app.route("/_control", controlRoutes(parts, grants, confidences));
  const { accessTokens } = parts;
  app.route("/", ssoRoutes({ simulation, codes: new Codes(), grants, accessTokens, confidences }, keys));
  app.route("/", esiRoutes(parts));
  app.notFound((c) => c.json({ error: "Not found" }, 404));

  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  const port = await listen(server, options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (!options.orAnyPort || error.code !== "EADDRINUSE") throw error;
    return listen(server, 0);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    get world() {
      return summary(simulation);
    },
    clock: simulation.clock,
    faults: parts.faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
