import { createRequire } from "node:module";

const fromSst = createRequire(createRequire(import.meta.url).resolve("sst"));

/** Services whose clients SST brings along. */
const clients = {
  lambda: "LambdaClient",
  ssm: "SSMClient",
  iam: "IAMClient",
  cloudformation: "CloudFormationClient",
} as const;

interface Client {
  send(command: object): Promise<unknown>;
}

type Sdk = Record<string, new (input: object) => Client>;

/** One request to a service of AWS, which the environment points at the emulator. */
export async function ask<T>(service: keyof typeof clients, operation: string, input: object): Promise<T> {
  const sdk: Sdk = fromSst(`@aws-sdk/client-${service}`);
  const [Client, Command] = [sdk[clients[service]], sdk[`${operation}Command`]];
  if (!Client || !Command) throw new Error(`${service} has no ${operation}`);
  return (await new Client({}).send(new Command(input))) as T;
}
