import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { type StackContext, use } from "sst/constructs";
import { schedules } from "../packages/functions/src/topology.ts";
import { addAlarm } from "./alarms.ts";
import { Functions } from "./functions.ts";
import { scheduler } from "./invocation.ts";

/** The clockwork: each schedule of the topology invokes its function. */
export function Schedules({ app, stack }: StackContext) {
  const functions = use(Functions);
  for (const [name, schedule] of Object.entries(schedules)) {
    new Rule(stack, `${name}-schedule`, {
      ruleName: `${app.name}-${app.stage}-${name}`,
      schedule: Schedule.expression(schedule.expression),
      targets: [
        new LambdaFunction(functions[schedule.function], { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      ],
    });
  }
  addAlarm(stack, "scheduler-silent", {
    // Lambda reports 0 for a run that succeeded and nothing where none was made: the minimum is 0 if one succeeded. One
    // metric where invocations less errors are two, and CloudWatch bills an alarm by its metrics.
    metric: functions[scheduler].metricErrors({ period: Duration.minutes(5), statistic: "Minimum" }),
    threshold: 1,
    whenMissing: "alarm",
    description: "The scheduler did not succeed once in five minutes: every corporation's data grows old.",
  });
  for (const [id, name, hours] of [
    ["token-keeper-silent", "token-keeper", 3],
    ["cleanup-silent", "cleanup", 26],
  ] as const) {
    addAlarm(stack, id, {
      metric: functions[name].metricErrors({ period: Duration.hours(1), statistic: "Minimum" }),
      threshold: 1,
      periods: hours,
      whenMissing: "alarm",
      description: `"${name}" did not succeed once in ${hours} hours.`,
    });
  }
}
