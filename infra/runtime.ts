import { Aspects, CfnResource, type IAspect } from "aws-cdk-lib";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { IConstruct } from "constructs";
import { type App, getStack, Stack } from "sst/constructs";

export const runtime = "nodejs24.x";

/** SST and CDK give their own custom-resource handlers older runtimes than ours. */
const lift: IAspect = {
  visit(node: IConstruct) {
    if (node instanceof CfnFunction) node.runtime = runtime;
    else if (CfnResource.isCfnResource(node) && node.cfnResourceType === "AWS::Lambda::Function") {
      node.addPropertyOverride("Runtime", runtime);
    }
  },
};

type StackFunction = Parameters<typeof getStack>[0];

const customResourceHandler = "CustomResourceHandler";

/** CloudFormation refuses a stack without resources; under `sst dev` the edge has none of its own. */
const hasOwnResources = (stack: Stack): boolean =>
  stack.node.children
    .filter((child) => child.node.id !== customResourceHandler)
    .some((child) => child.node.findAll().some(CfnResource.isCfnResource));

/**
 * One runtime for every function of the app. SST also puts a custom-resource handler with a role of its own into each
 * stack; only those in `withCustomResources` use it, elsewhere it is taken out.
 */
export function liftRuntimes(app: App, withCustomResources: StackFunction[]): void {
  const keep = new Set<unknown>(withCustomResources.map((stack) => getStack(stack)));
  for (const stack of app.node.children) {
    if (!(stack instanceof Stack) || keep.has(stack)) continue;
    if (hasOwnResources(stack)) stack.node.tryRemoveChild(customResourceHandler);
  }
  Aspects.of(app).add(lift);
}
