import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { appName, queueName } from "@tapi/functions/topology";
import { functionEnvironment, guardProcess, type LocalEndpoints } from "../host/environment.ts";
import type { Eve } from "../host/eve.ts";
import { queuePrefix } from "../host/product.ts";
import { createClockOffset, installSimulatedClock, setClockOffset } from "../runtime/simulated-clock.ts";

export interface Where {
  /** Data folder of a local host that is running. */
  data?: string | undefined;
  /** A stage in AWS; credentials and region come from the environment, as every AWS tool takes them. */
  stage?: string | undefined;
}

/** An address that refuses: for settings that no command uses. */
export const refusing = "http://127.0.0.1:9";

/** What core asks for and no command uses. */
export const unusedSettings = {
  KMS_KEY_ID: "unused",
  EVE_CLIENT_ID: "unused",
  EVE_CLIENT_SECRET: "unused",
  PUBLIC_URL: refusing,
  SOCKET_URL: refusing,
  SOCKET_MANAGEMENT_ENDPOINT: refusing,
  CONTACT: "unused",
};

/** No command talks to EVE. */
const noEve: Eve = {
  clientId: "unused",
  clientSecret: "unused",
  contact: "unused",
  esiBaseUrl: refusing,
  ssoBaseUrl: refusing,
  adminCharacterIds: "",
};

/** Points this process's core at a local host or at a stage in AWS, before its first use. */
export async function connect({ data, stage }: Where): Promise<void> {
  const environment = stage && data === undefined ? await ofStage(stage) : await ofHost(resolve(data ?? ".tapi"));
  Object.assign(process.env, { LOG_LEVEL: "warn" }, environment);
}

async function ofStage(stage: string): Promise<Record<string, string>> {
  const client = new SQSClient({});
  const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(stage, "public") }));
  client.destroy();
  return {
    ...unusedSettings,
    TAPI_STAGE: stage,
    TABLE_NAME: `${appName}-${stage}`,
    QUEUE_URL_BASE: QueueUrl.slice(0, -"public".length),
  };
}

async function ofHost(dataDir: string): Promise<Record<string, string>> {
  const file = join(dataDir, "endpoints.json");
  if (!existsSync(file)) {
    throw new Error(
      `No host runs with its data in ${dataDir}.\nStart one (npm start), name its folder (--data DIR), or name a stage in AWS (--stage NAME).`,
    );
  }
  const endpoints = JSON.parse(readFileSync(file, "utf8")) as LocalEndpoints;
  guardProcess();
  if (endpoints.newEden) await followClock(endpoints.newEden);
  return functionEnvironment({
    endpoints,
    queueUrlBase: `${endpoints.sqs}/000000000000/${queuePrefix}`,
    kmsKeyArn: unusedSettings.KMS_KEY_ID,
    socketManagement: refusing,
    publicUrl: endpoints.web,
    eve: noEve,
  });
}

/** The host's time may be ahead of the real one; ages are told by its clock. */
async function followClock(newEden: string): Promise<void> {
  const response = await fetch(`${newEden}/_control/clock`).catch(() => undefined);
  if (!response?.ok) return;
  const { offsetMs } = (await response.json()) as { offsetMs: number };
  const offset = createClockOffset();
  setClockOffset(offset, offsetMs);
  installSimulatedClock(offset);
}
