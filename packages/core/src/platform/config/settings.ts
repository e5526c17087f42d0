import * as z from "zod";
import { version } from "../../../package.json";
import { appName, deadLetterNameOf, type QueueName } from "../topology/index.ts";

const url = z.url().transform((value) => value.replace(/\/$/, ""));
const localOnly = url.optional();

const Environment = z
  .object({
    TAPI_STAGE: z.string().min(1).describe("the stage's name: `local`, or the one given to `sst deploy --stage`"),
    TABLE_NAME: z.string().min(1).describe("the DynamoDB table; set by infra/ or the local host"),
    DYNAMODB_ENDPOINT: localOnly.describe("DynamoDB's address in local mode"),
    SQS_ENDPOINT: localOnly.describe("SQS's address in local mode"),
    KMS_ENDPOINT: localOnly.describe("KMS's address in local mode"),
    QUEUE_URL_BASE: z.url().describe("what a queue's URL starts with, up to the queue's own name"),
    KMS_KEY_ID: z.string().min(1).describe("the ARN of the KMS key that encrypts tokens"),
    ESI_BASE_URL: url.default("https://esi.evetech.net").describe("where ESI answers"),
    SSO_BASE_URL: url.default("https://login.eveonline.com").describe("where EVE SSO answers"),
    EVE_CLIENT_ID: z.string().min(1).describe("the client id of your application at developers.eveonline.com"),
    EVE_CLIENT_SECRET: z.string().min(1).optional().describe("the application's secret (local mode)"),
    EVE_CLIENT_SECRET_PARAMETER: z
      .string()
      .min(1)
      .optional()
      .describe("the SSM parameter that holds the application's secret"),
    PUBLIC_URL: url.describe("the web app's origin, as browsers see it"),
    SOCKET_URL: z.url().describe("the WebSocket address that browsers connect to"),
    SOCKET_MANAGEMENT_ENDPOINT: url.describe("the @connections address of the WebSocket API"),
    ORIGIN_SECRET: z
      .string()
      .min(20)
      .optional()
      .describe(
        "what CloudFront shows the API, so that nobody passes it by; the API answers nobody else once it is set",
      ),
    ADMIN_CHARACTER_IDS: z
      .string()
      .default("")
      .transform((value) =>
        value
          .split(",")
          .map((id) => id.trim())
          .filter(Boolean)
          .map(Number),
      )
      .pipe(z.array(z.int().positive()))
      .describe("character ids of the administrators, separated by commas"),
    CONTACT: z
      .string()
      .min(3)
      .describe("an e-mail or Discord name that CCP can reach you by; goes into the ESI User-Agent"),
    STATIC_DATA_FILE: z
      .string()
      .min(1)
      .optional()
      .describe("the packed static data, where it does not lie beside the handler"),
    LAMBDA_TASK_ROOT: z.string().min(1).optional().describe("where the function's package lies; Lambda sets it"),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info").describe("debug, info, warn or error"),
  })
  .superRefine((value, context) => {
    const demand = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (value.TAPI_STAGE === "local") {
      for (const name of ["DYNAMODB_ENDPOINT", "SQS_ENDPOINT", "KMS_ENDPOINT"] as const) {
        if (!value[name]) demand(name, "local mode must name its own servers, so that it can never reach AWS");
      }
    }
    if (!value.EVE_CLIENT_SECRET && !value.EVE_CLIENT_SECRET_PARAMETER) {
      demand("EVE_CLIENT_SECRET_PARAMETER", "neither a secret nor the SSM parameter that holds it is set");
    }
  });

export type Config = z.output<typeof Environment>;

/** Thrown at start with every missing or malformed variable and what to do about it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const describe = (issue: z.core.$ZodIssue): string => {
  const name = String(issue.path[0]);
  const field = Environment.shape[name as keyof typeof Environment.shape];
  return `  ${name}: ${issue.message}. Set it to ${field?.description ?? "a valid value"}.`;
};

export function parse(environment: Record<string, string | undefined>): Config {
  const result = Environment.safeParse(environment);
  if (result.success) return result.data;
  throw new ConfigError(`The configuration is not complete:\n${result.error.issues.map(describe).join("\n")}`);
}

let current: Config | undefined;

/** The validated configuration of this process; read from the environment at first use. */
export function get(): Config {
  current ??= parse(process.env);
  return current;
}

/** Reads the environment again at the next use: for tests that start servers on new ports. */
export const reset = (): void => {
  current = undefined;
};

export const queueUrl = (queue: QueueName): string => `${get().QUEUE_URL_BASE}${queue}`;
export const deadLetterQueueUrl = (queue: QueueName): string => deadLetterNameOf(queueUrl(queue));

/** `tapi-<stage>`: the prefix of physical names. */
export const prefix = (): string => `${appName}-${get().TAPI_STAGE}`;

/** Header values are ASCII: a contact in another script must not make every call fail. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");

/** The User-Agent for EVE's servers: our version, and a contact for CCP. */
export function userAgent(): string {
  const { CONTACT, PUBLIC_URL } = get();
  return ascii(`TAPI/${version} (${CONTACT}; +${PUBLIC_URL})`);
}
