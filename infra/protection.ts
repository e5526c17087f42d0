import { createRequire } from "node:module";

interface CloudFormationSdk {
  CloudFormationClient: new (input: object) => { send(command: object): Promise<unknown> };
  UpdateTerminationProtectionCommand: new (input: object) => object;
}

/** SST passes no stack's termination protection on to CloudFormation, so that it is set after the deployment. */
export async function protectStacks(region: string, stacks: readonly string[]): Promise<void> {
  const { CloudFormationClient, UpdateTerminationProtectionCommand }: CloudFormationSdk = createRequire(
    createRequire(import.meta.url).resolve("sst"),
  )("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient({ region });
  for (const StackName of stacks) {
    await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }));
  }
}
