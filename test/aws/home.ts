import { mkdirSync } from "node:fs";
import { clientId, clientSecret } from "../../packages/new-eden/src/index.ts";
import { freePort, startProduct } from "../browser/product.ts";

/** The EVE application of both installations, at New Eden: `npm start -- --eve` and `pnpm tapi` read it alike. */
export const applicationAt = (newEden: string): Record<string, string> => ({
  EVE_CLIENT_ID: clientId,
  EVE_CLIENT_SECRET: clientSecret,
  CONTACT: "verify@example.com",
  ESI_BASE_URL: newEden,
  SSO_BASE_URL: newEden,
});

/** `npm start -- --eve`: an installation at home that takes New Eden for EVE. */
export interface Home {
  address: string;
  stop(): Promise<void>;
}

export async function startHome(dataDir: string, newEden: string): Promise<Home> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { endpoints, stop } = await startProduct({
    port: await freePort(),
    dataDir,
    args: ["--eve"],
    env: applicationAt(newEden),
  });
  return { address: endpoints.web, stop };
}
