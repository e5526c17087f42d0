import { askAws } from "./aws.ts";

/** SST passes no stack's termination protection on to CloudFormation, so that it is set after the deployment. */
export async function protectStacks(region: string, stacks: readonly string[]): Promise<void> {
  for (const StackName of stacks) {
    const input = { StackName, EnableTerminationProtection: true };
    await askAws("cloudformation", "UpdateTerminationProtection", input, region);
  }
}
