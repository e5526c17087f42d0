import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { get } from "./index.ts";

/** A secret that was changed in SSM is used everywhere after this long. */
const freshMs = 5 * 60_000;

interface Held {
  value: string;
  readAt: number;
}

let held: Held | undefined;
let reading: Promise<string> | undefined;

async function fromParameter(name: string): Promise<string> {
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (!Parameter?.Value) throw new Error("the EVE client secret's parameter is empty: set it with `sst secrets set`");
  return Parameter.Value;
}

async function read(name: string): Promise<string> {
  try {
    held = { value: await fromParameter(name), readAt: Date.now() };
  } catch (error) {
    // While SSM does not answer, the secret that worked until now very likely still does.
    if (!held) throw error;
  }
  return held.value;
}

/** The EVE application's secret: read from SSM every few minutes at most, never from the environment in the cloud. */
export async function eveClientSecret(): Promise<string> {
  const { EVE_CLIENT_SECRET, EVE_CLIENT_SECRET_PARAMETER } = get();
  if (EVE_CLIENT_SECRET) return EVE_CLIENT_SECRET;
  if (!EVE_CLIENT_SECRET_PARAMETER) throw new Error("no EVE client secret is configured");
  if (held && Date.now() - held.readAt < freshMs) return held.value;
  reading ??= read(EVE_CLIENT_SECRET_PARAMETER).finally(() => {
    reading = undefined;
  });
  return reading;
}
