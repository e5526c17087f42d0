import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { get } from "./index.ts";

let cached: Promise<string> | undefined;

async function load(): Promise<string> {
  const { EVE_CLIENT_SECRET, EVE_CLIENT_SECRET_PARAMETER } = get();
  if (EVE_CLIENT_SECRET) return EVE_CLIENT_SECRET;
  const { Parameter } = await new SSMClient({}).send(
    new GetParameterCommand({ Name: EVE_CLIENT_SECRET_PARAMETER, WithDecryption: true }),
  );
  if (!Parameter?.Value) throw new Error("the EVE client secret's parameter is empty: set it with `sst secrets set`");
  return Parameter.Value;
}

/** The EVE application's secret: read once per process from SSM, never from the environment in the cloud. */
export function eveClientSecret(): Promise<string> {
  cached ??= load().catch((error: unknown) => {
    cached = undefined;
    throw error;
  });
  return cached;
}
