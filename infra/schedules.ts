import { Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { type StackContext, use } from "sst/constructs";
import { schedules } from "../packages/functions/src/topology.ts";
import { addAlarm } from "./alarms.ts";
import { Functions } from "./functions.ts";

/** The clockwork: each schedule of the topology invokes its function. */
export function Schedules({ app, stack }: StackContext) {
  const functions = use(Functions);
  for (const [name, schedule] of Object.entries(schedules)) {
    const target = functions[schedule.function];
    new Rule(stack, `${name}-schedule`, {
      ruleName: `${app.name}-${app.stage}-${name}`,
      schedule: Schedule.expression(schedule.expression),
      // A missed run is made up for by the next one; a late one would only run beside it.
      targets: [new LambdaFunction(target, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    if (name === "scheduler") continue;
    addAlarm(stack, `${name}-failed`, {
      metric: target.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
      description: `The scheduled function "${name}" failed; its log says why.`,
    });
  }
  const window = { period: Duration.minutes(5) };
  addAlarm(stack, "scheduler-silent", {
    metric: new MathExpression({
      ...window,
      expression: "FILL(runs, 0) - FILL(failures, 0)",
      usingMetrics: {
        runs: functions.scheduler.metricInvocations(window),
        failures: functions.scheduler.metricErrors(window),
      },
    }),
    threshold: 1,
    whenBelow: true,
    description: "The scheduler did not succeed once in five minutes: every corporation's data grows old.",
  });
}
