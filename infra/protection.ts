import { appName } from "../packages/functions/src/topology.ts";
import { askAws } from "./aws.ts";

interface Page {
  Stacks?: { StackName?: string }[];
  NextToken?: string;
}

/** The stage's stacks as CloudFormation has them: SST's own list of them may be cut off, since it ends while it writes. */
async function stacksOf(region: string, stage: string): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const input = next ? { NextToken: next } : {};
    const { Stacks = [], NextToken } = await askAws<Page>("cloudformation", "DescribeStacks", input, region);
    names.push(...Stacks.map(({ StackName = "" }) => StackName));
    next = NextToken;
  } while (next);
  return names.filter((name) => name.startsWith(`${stage}-${appName}-`));
}

/** SST passes no stack's termination protection on to CloudFormation, so that it is set after the deployment. */
export async function protectStacks(region: string, stage: string): Promise<void> {
  for (const StackName of await stacksOf(region, stage)) {
    const input = { StackName, EnableTerminationProtection: true };
    await askAws("cloudformation", "UpdateTerminationProtection", input, region);
  }
}
