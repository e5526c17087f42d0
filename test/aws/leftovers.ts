import { askAws } from "../../infra/aws.ts";
import { stage } from "./deployment.ts";

/**
 * Removes the stage and says what is left. The emulator (1.5.33) refuses to empty the edge's bucket, by a tag that CDK's
 * custom resource looks for: of all stacks only that one may remain, with those that it needs.
 */
export async function leftAfter(remove: () => Promise<unknown>): Promise<string> {
  const problem = await remove().then(
    () => "",
    (error: unknown) => String(error),
  );
  const { Stacks } = await askAws<{ Stacks: { StackName: string; StackStatus: string }[] }>(
    "cloudformation",
    "DescribeStacks",
    {},
  );
  const left = Stacks.filter(
    ({ StackName, StackStatus }) => StackName.startsWith(`${stage}-`) && StackStatus !== "DELETE_COMPLETE",
  );
  const names = left.map(({ StackName }) => StackName.slice(`${stage}-tapi-`.length));
  const unexpected = names.filter((name) => !["Edge", "Endpoints"].includes(name));
  if (unexpected.length > 0) throw new Error(`left are ${names.join(", ")}; ${problem}`);
  return names.length === 0 ? "nothing is left" : `left, by the emulator's fault: ${names.join(", ")}`;
}
