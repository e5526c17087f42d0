import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { Config, type StackContext } from "sst/constructs";
import { readSettings } from "./settings.ts";

/**
 * The key that pilots' ESI tokens are encrypted with, and the EVE application's secret.
 * Losing the key loses every token: in production it outlives its stack.
 */
export function Tokens({ app, stack }: StackContext) {
  const { production } = readSettings(app);
  const key = new Key(stack, "TokenKey", {
    alias: `${app.name}-${app.stage}`,
    description: `${app.name} ${app.stage}: ESI tokens of pilots`,
    enableKeyRotation: true,
    pendingWindow: Duration.days(production ? 30 : 7),
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const secret = new Config.Secret(stack, "EVE_CLIENT_SECRET");
  stack.addOutputs({ TokenKeyArn: key.keyArn });
  // The path that `sst secrets set` writes to; the value itself never enters a template.
  return { key, secretParameter: `/sst/${app.name}/${app.stage}/Secret/${secret.name}/value` };
}
