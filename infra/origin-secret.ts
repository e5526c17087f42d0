import { join } from "node:path";
import { CustomResource, CustomResourceProvider, CustomResourceProviderRuntime } from "aws-cdk-lib";
import type { App, Stack } from "sst/constructs";
import { useProject } from "sst/project.js";
import { readSettings } from "./settings.ts";

const resourceType = "Custom::OriginSecret";

/**
 * What CloudFront shows the API, kept as a SecureString in SSM: Secrets Manager would cost a twentieth of an idle stack. A
 * SecureString can be made and read by no template, so that each stack which needs it asks by a resource of its own. No stack
 * exports it: exports are shown to everybody who may look at stacks. The owner's stack has to be deployed before others.
 */
export function addOriginSecret(app: App, stack: Stack, { owner }: { owner: boolean }): string {
  const { originSecretVersion } = readSettings(app);
  const parameter = `${app.name}/${app.stage}/origin-secret/${originSecretVersion}`;
  const serviceToken = CustomResourceProvider.getOrCreate(stack, resourceType, {
    codeDirectory: join(useProject().paths.root, "infra", "origin-secret"),
    runtime: CustomResourceProviderRuntime.NODEJS_22_X,
    policyStatements: [
      {
        Effect: "Allow",
        Action: ["ssm:GetParameter", ...(owner ? ["ssm:PutParameter", "ssm:DeleteParameter"] : [])],
        // Every version of this stage: the one before is taken away when there is a new one.
        Resource: stack.formatArn({
          service: "ssm",
          resource: "parameter",
          resourceName: `${app.name}/${app.stage}/origin-secret/*`,
        }),
      },
    ],
  });
  const secret = new CustomResource(stack, "OriginSecret", {
    resourceType,
    serviceToken,
    properties: { Name: `/${parameter}`, Owner: String(owner) },
  });
  return secret.getAttString("Value");
}
