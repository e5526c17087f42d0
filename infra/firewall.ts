import { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Stack } from "sst/constructs";
import type { Settings } from "./settings.ts";

/** Requests of one address within five minutes; a busy corporation behind one address stays far below. */
const requestsPerAddress = 3000;

const visible = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

const managedRule = (name: string, priority: number) => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
  visibilityConfig: visible(name),
});

/** Off unless asked for: it costs more than the rest of an idle stack (about $8 a month). */
export function webAclArn(stack: Stack, firewall: Settings["firewall"]): string | undefined {
  if (firewall === "none") return undefined;
  if (firewall !== "managed") return firewall.webAclArn;
  const acl = new CfnWebACL(stack, "Firewall", {
    scope: "CLOUDFRONT",
    defaultAction: { allow: {} },
    visibilityConfig: visible("firewall"),
    rules: [
      {
        name: "RateLimit",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit: requestsPerAddress, aggregateKeyType: "IP" } },
        visibilityConfig: visible("RateLimit"),
      },
      managedRule("AWSManagedRulesAmazonIpReputationList", 1),
      managedRule("AWSManagedRulesKnownBadInputsRuleSet", 2),
    ],
  });
  return acl.attrArn;
}
