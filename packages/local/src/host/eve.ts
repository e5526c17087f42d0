import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as z from "zod";
import { behindProxies } from "../gateway/index.ts";
import { registration } from "./application.ts";
import { address, type Exposure, publicUrl } from "./public-url.ts";
import { StartError } from "./start-error.mjs";

/** The EVE that a host serves: CCP's own, or any server that speaks its protocols. */
export interface Eve {
  clientId: string;
  clientSecret: string;
  contact: string;
  esiBaseUrl: string;
  ssoBaseUrl: string;
  /** The web app's origin as browsers see it, where that is not this machine's own address. */
  publicUrl?: string | undefined;
  /** Character ids, separated by commas. */
  adminCharacterIds: string;
  /** Whose X-Forwarded-For is believed. */
  trustedProxies?: string[];
}

const callbackPath = "/api/v1/auth/callback";

const base = address.transform((value) => value.replace(/\/+$/, ""));

function areAddresses(names: readonly string[]): boolean {
  try {
    behindProxies(names);
    return true;
  } catch {
    return false;
  }
}

const given = (message: string) => z.string({ error: message }).trim().min(1, message);

const Settings = (exposure: Exposure) =>
  z.object({
    EVE_CLIENT_ID: given("is missing; it is the Client ID of your application at developers.eveonline.com"),
    EVE_CLIENT_SECRET: given("is missing; it is the Secret Key of your application at developers.eveonline.com"),
    CONTACT: given("is missing; CCP asks for an e-mail address or a Discord name it can reach you by").pipe(
      z.string().min(3, "takes an e-mail address or a Discord name that CCP can reach you by"),
    ),
    PUBLIC_URL: publicUrl(exposure),
    ALLOW_HTTP: z.literal("yes", "takes yes, or is left out").optional(),
    ESI_BASE_URL: base.default("https://esi.evetech.net"),
    SSO_BASE_URL: base.default("https://login.eveonline.com"),
    ADMIN_CHARACTER_IDS: z
      .string()
      .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, "takes character ids separated by commas, such as 2112625428, 95465499")
      .default(""),
    TRUSTED_PROXIES: z
      .string()
      .default("")
      .transform((value) => value.split(/[\s,]+/).filter(Boolean))
      .refine(areAddresses, "takes addresses or networks separated by commas, such as 127.0.0.1, 10.0.0.0/8"),
  });

/** What the terminal says to somebody who has not registered an application yet. */
function guide(callback: string, scopes: readonly string[]): string {
  return [
    ...registration({ callback, scopes }),
    "",
    "  5. Write what you get into a file .env in this folder:",
    "",
    "EVE_CLIENT_ID=...",
    "EVE_CLIENT_SECRET=...",
    "CONTACT=you@example.org",
    "",
    "  6. npm start -- --eve",
  ].join("\n");
}

type Environment = Record<string, string | undefined>;

/** Settings of the file `.env`, and over them those of the environment; an empty one counts as not set. */
export function settingsReader(root: string, environment: Environment): (name: string) => string | undefined {
  const file = join(root, ".env");
  const written = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return (name) => environment[name] || written[name] || undefined;
}

interface Asked {
  root: string;
  environment: Environment;
  port: number;
  /** Where the web app listens. */
  listen: string;
  /** Every scope that the product can use. */
  scopes: () => Promise<string[]>;
}

/** The settings of a run against EVE. Throws StartError that names each missing or wrong one with its remedy. */
export async function readEve({ root, environment, port, listen, scopes }: Asked): Promise<Eve> {
  const setting = settingsReader(root, environment);
  const exposure = { listen, allowHttp: setting("ALLOW_HTTP") === "yes" };
  const schema = Settings(exposure);
  const names = Object.keys(schema.shape);
  const result = schema.safeParse(Object.fromEntries(names.map((name) => [name, setting(name)])));
  if (result.success) {
    const { data } = result;
    return {
      clientId: data.EVE_CLIENT_ID,
      clientSecret: data.EVE_CLIENT_SECRET,
      contact: data.CONTACT,
      esiBaseUrl: data.ESI_BASE_URL,
      ssoBaseUrl: data.SSO_BASE_URL,
      publicUrl: data.PUBLIC_URL,
      adminCharacterIds: data.ADMIN_CHARACTER_IDS,
      trustedProxies: data.TRUSTED_PROXIES,
    };
  }
  const faults = result.error.issues.map(({ path, message }) => `  ${String(path[0])} ${message}.`);
  const registered = setting("EVE_CLIENT_ID") !== undefined && setting("EVE_CLIENT_SECRET") !== undefined;
  const shown = publicUrl(exposure).safeParse(setting("PUBLIC_URL")).data ?? `http://localhost:${port}`;
  const help = registered ? [] : ["", guide(`${shown}${callbackPath}`, await scopes())];
  throw new StartError(
    ["Settings are missing or wrong (in .env or the environment):", "", ...faults, ...help].join("\n"),
  );
}

/** Settings that only a run against EVE follows: to overwrite one silently would send somebody to the wrong world. */
const forEveOnly = ["ESI_BASE_URL", "SSO_BASE_URL", "EVE_CLIENT_ID", "EVE_CLIENT_SECRET"] as const;

/** Refuses a run against New Eden that was told of another EVE. */
export function refuseUnusedSettings(environment: Environment): void {
  const found = forEveOnly.filter((name) => environment[name]);
  if (found.length === 0) return;
  const names = found.join(", ");
  throw new StartError(
    `${names} ${found.length > 1 ? "are" : "is"} set, but npm start runs against New Eden, the simulated EVE.\n` +
      "Run npm start -- --eve to use the real EVE, or unset what you do not need.",
  );
}
