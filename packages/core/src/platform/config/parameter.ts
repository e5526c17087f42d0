import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** The EVE application's secret as SSM keeps it, decrypted. Throws what SSM throws. */
export async function readParameter(name: string): Promise<string> {
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (!Parameter?.Value) throw new Error("the EVE client secret's parameter is empty: set it with `sst secrets set`");
  return Parameter.Value;
}
