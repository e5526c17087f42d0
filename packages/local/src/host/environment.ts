import { devNull } from "node:os";
import type { Eve } from "./eve.ts";

export interface LocalEndpoints {
  web: string;
  api: string;
  socket: string;
  dynamodb: string;
  table: string;
  sqs: string;
  kms: string;
  /** The simulated EVE; a host that serves the real one has none. */
  newEden?: string;
}

export interface EnvironmentInput {
  endpoints: LocalEndpoints;
  queueUrlBase: string;
  kmsKeyArn: string;
  socketManagement: string;
  /** Where browsers find the web app. */
  publicUrl: string;
  eve: Eve;
}

/**
 * What keeps a local run away from AWS, whatever a client forgets: credentials that are worth nothing, no profile,
 * no instance metadata, and a default endpoint that refuses (port 9 is `discard`).
 */
const awsGuard = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
};

/** The pinned SDK runs on Node 20; its notice about later versions would stand in every log. */
const quietSdk = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/** Puts the host's own clients under the same guard as the functions. */
export function guardProcess(): void {
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"]) delete process.env[name];
  Object.assign(process.env, awsGuard, quietSdk);
}

/** New Eden knows one application. */
export const newEdenAsEve = (url: string, adminCharacterIds: string): Eve => ({
  clientId: "new-eden-client",
  clientSecret: "new-eden-secret",
  contact: process.env.CONTACT || "local development",
  esiBaseUrl: url,
  ssoBaseUrl: url,
  adminCharacterIds: process.env.ADMIN_CHARACTER_IDS || adminCharacterIds,
});

/** The WebSocket API shares the site's port, at a path of its own. */
export const socketPath = "/socket";

export const socketUrlOf = (publicUrl: string) => `${publicUrl.replace(/^http/, "ws")}${socketPath}`;

/** A person may set these for a local run; all else is made here. */
const passedOn = ["PATH", "HOME", "TZ", "LANG", "LOG_LEVEL", "NODE_EXTRA_CA_CERTS"];

/** The environment of every function, complete: nothing of the host's own leaks in. */
export function functionEnvironment(input: EnvironmentInput): Record<string, string> {
  const { endpoints, eve, publicUrl } = input;
  const inherited = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(inherited),
    ...awsGuard,
    ...quietSdk,
    TAPI_STAGE: "local",
    TABLE_NAME: endpoints.table,
    DYNAMODB_ENDPOINT: endpoints.dynamodb,
    SQS_ENDPOINT: endpoints.sqs,
    KMS_ENDPOINT: endpoints.kms,
    QUEUE_URL_BASE: input.queueUrlBase,
    KMS_KEY_ID: input.kmsKeyArn,
    ESI_BASE_URL: eve.esiBaseUrl,
    SSO_BASE_URL: eve.ssoBaseUrl,
    EVE_CLIENT_ID: eve.clientId,
    EVE_CLIENT_SECRET: eve.clientSecret,
    CONTACT: eve.contact,
    ADMIN_CHARACTER_IDS: eve.adminCharacterIds,
    PUBLIC_URL: publicUrl,
    SOCKET_URL: socketUrlOf(publicUrl),
    SOCKET_MANAGEMENT_ENDPOINT: input.socketManagement,
  };
}
