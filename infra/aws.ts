import { createRequire } from "node:module";

const fromSst = createRequire(createRequire(import.meta.url).resolve("sst"));

/** Services whose clients SST brings along: so they find the same credentials as it does. */
const clients = {
  cloudformation: "CloudFormationClient",
  iam: "IAMClient",
  lambda: "LambdaClient",
  ssm: "SSMClient",
  sts: "STSClient",
} as const;

interface Client {
  send(command: object): Promise<unknown>;
  destroy(): void;
}

type Sdk = Record<string, new (input: object) => Client>;

/** One request to a service of AWS; the region is the environment's unless given. Throws what the SDK throws. */
export async function askAws<T>(
  service: keyof typeof clients,
  operation: string,
  input: object,
  region?: string,
): Promise<T> {
  const sdk: Sdk = fromSst(`@aws-sdk/client-${service}`);
  const [ClientOf, Command] = [sdk[clients[service]], sdk[`${operation}Command`]];
  if (!ClientOf || !Command) throw new Error(`${service} has no ${operation}`);
  const client = new ClientOf(region ? { region } : {});
  try {
    return (await client.send(new Command(input))) as T;
  } finally {
    client.destroy();
  }
}
