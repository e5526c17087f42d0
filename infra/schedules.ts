import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { EventInvokeConfig } from "aws-cdk-lib/aws-lambda";
import { type Stack, type StackContext, use } from "sst/constructs";
import { type FunctionName, schedules } from "../packages/functions/src/topology.ts";
import { Alarms, addAlarm } from "./alarms.ts";
import { Functions } from "./functions.ts";

/** A round of the scheduler that failed is made up for by the next one; one that comes late would only run beside it. */
const scheduler: FunctionName = "scheduler";

/**
 * How often Lambda tries a scheduled run again, and who hears when that fails as well: the alarms' topic, at once and with
 * the reason, at no cost until then. The scheduler fails every minute if it does, so it has an alarm of its own instead.
 */
function addInvocation(stack: Stack, name: FunctionName): void {
  const { topic } = use(Alarms);
  new EventInvokeConfig(stack, `${name}-invocation`, {
    function: use(Functions)[name],
    ...(name === scheduler
      ? { retryAttempts: 0, maxEventAge: Duration.minutes(1) }
      : {
          retryAttempts: 1,
          maxEventAge: Duration.minutes(30),
          onFailure: { bind: () => ({ destination: topic.topicArn }) },
        }),
  });
}

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
    addInvocation(stack, schedule.function);
  }
  addAlarm(stack, "scheduler-silent", {
    // Lambda reports 0 for a run that succeeded and nothing where none was made: the minimum is 0 if one succeeded. One
    // metric where invocations less errors are two, and CloudWatch bills an alarm by its metrics.
    metric: functions[scheduler].metricErrors({ period: Duration.minutes(5), statistic: "Minimum" }),
    threshold: 1,
    whenMissing: "alarm",
    description: "The scheduler did not succeed once in five minutes: every corporation's data grows old.",
  });
}
