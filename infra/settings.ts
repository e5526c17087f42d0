import type { App } from "sst/constructs";

/** What the person who deploys decides; read from the environment or from `.env.<stage>` (docs/deploy.md). */
export interface Settings {
  production: boolean;
  eveClientId: string;
  contact: string;
  adminCharacterIds: string;
  logLevel: string;
  alarmEmail: string | undefined;
  domain: Domain | undefined;
  /** `managed`: a firewall of our own; an ARN: one that exists. */
  firewall: "none" | "managed" | { webAclArn: string };
  /** A web app that was built already; without it the deployment builds one. */
  siteFolder: string | undefined;
  /** Another one makes another secret between CloudFront and the API. */
  originSecretVersion: string;
}

export interface Domain {
  name: string;
  certificateArn: string;
  hostedZoneId: string | undefined;
}

type Environment = Record<string, string | undefined>;

/** CloudFront takes certificates and firewalls from us-east-1 only, so everything is simplest there. */
const edgeRegion = "us-east-1";

export const regionOf = (environment: Environment): string => environment.TAPI_REGION || edgeRegion;

const required = {
  EVE_CLIENT_ID: "the client id of your application at https://developers.eveonline.com",
  CONTACT: "an e-mail address or Discord name that CCP can reach you by",
} as const;

/** What functions would refuse at their start, and AWS at the first request, is refused before anything is deployed. */
const shaped = {
  CONTACT: { shape: /^.{3,}$/, remedy: "an e-mail address or Discord name that CCP can reach you by" },
  TAPI_REGION: { shape: /^[a-z]{2}(-[a-z]+)+-\d$/, remedy: "an AWS region, for example us-east-1 or eu-west-1" },
  ADMIN_CHARACTER_IDS: { shape: /^\s*\d+(\s*,\s*\d+)*\s*$/, remedy: "character ids, separated by commas" },
  LOG_LEVEL: { shape: /^(debug|info|warn|error)$/, remedy: "debug, info, warn or error" },
} as const;

function readDomain(environment: Environment, problems: string[]): Domain | undefined {
  const { TAPI_DOMAIN: name, TAPI_CERTIFICATE_ARN: certificateArn, TAPI_HOSTED_ZONE_ID: hostedZoneId } = environment;
  if (!name) return undefined;
  if (certificateArn?.startsWith(`arn:aws:acm:${edgeRegion}:`)) return { name, certificateArn, hostedZoneId };
  problems.push(
    `TAPI_CERTIFICATE_ARN: set it to an ACM certificate for ${name} in ${edgeRegion}, or unset TAPI_DOMAIN`,
  );
  return undefined;
}

function readFirewall(environment: Environment, problems: string[]): Settings["firewall"] {
  const value = environment.TAPI_WAF || "off";
  if (value === "off") return "none";
  if (value.startsWith("arn:")) return { webAclArn: value };
  if (value === "on" && regionOf(environment) === edgeRegion) return "managed";
  problems.push(`TAPI_WAF: "off", the ARN of a web ACL for CloudFront, or (only in ${edgeRegion}) "on"`);
  return "none";
}

/** Throws one error that names every missing or malformed setting and its remedy. Removing a stage needs none. */
export function readSettings(app: Pick<App, "stage" | "mode">, environment: Environment = process.env): Settings {
  const problems: string[] = [];
  for (const [name, remedy] of Object.entries(required)) {
    if (!environment[name]) problems.push(`${name}: set it to ${remedy}`);
  }
  for (const [name, { shape, remedy }] of Object.entries(shaped)) {
    const value = environment[name];
    if (value && !shape.test(value)) problems.push(`${name}: ${remedy}; got "${value}"`);
  }
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(app.stage) || app.stage === "local") {
    problems.push(`--stage: lower-case letters, digits and dashes, at most 20, and not "local"; got "${app.stage}"`);
  }
  const settings: Settings = {
    production: app.stage === "production",
    eveClientId: environment.EVE_CLIENT_ID ?? "",
    contact: environment.CONTACT ?? "",
    adminCharacterIds: environment.ADMIN_CHARACTER_IDS ?? "",
    logLevel: environment.LOG_LEVEL || "info",
    alarmEmail: environment.ALARM_EMAIL || undefined,
    domain: readDomain(environment, problems),
    firewall: readFirewall(environment, problems),
    siteFolder: environment.TAPI_SITE_DIST || undefined,
    originSecretVersion: environment.TAPI_ORIGIN_SECRET_VERSION || "1",
  };
  if (problems.length === 0 || app.mode === "remove") return settings;
  throw new Error(`The deployment is not configured (see docs/deploy.md):\n  ${problems.join("\n  ")}`);
}
