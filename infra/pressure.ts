import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type StackContext, use } from "sst/constructs";
import { addAlarm } from "./alarms.ts";
import { Table } from "./table.ts";

const period = Duration.minutes(5);

/** Of all functions of the account and region: one metric, where one for each function would cost nine times as much. */
const ofAllFunctions = (metricName: string): Metric =>
  new Metric({ namespace: "AWS/Lambda", metricName, statistic: "Sum", period });

/** Where AWS refuses work or functions fail, whatever they do. Throttling is the account's, so the metric may be, too. */
export function Pressure({ stack }: StackContext) {
  const { table } = use(Table);
  addAlarm(stack, "functions-throttled", {
    metric: ofAllFunctions("Throttles"),
    threshold: 1,
    periods: 3,
    description: "Lambda refuses to run functions: the account's concurrency is used up.",
  });
  addAlarm(stack, "function-errors", {
    metric: ofAllFunctions("Errors"),
    threshold: 5,
    description: "Five runs of functions ended badly in five minutes, in this account and region.",
  });
  for (const [id, metricName] of [
    ["reads-throttled", "ReadThrottleEvents"],
    ["writes-throttled", "WriteThrottleEvents"],
  ] as const) {
    addAlarm(stack, id, {
      metric: table.metric(metricName, { statistic: "Sum", period }),
      threshold: 10,
      periods: 2,
      description: "DynamoDB throttles the table: one partition is asked for more than it gives.",
    });
  }
}
