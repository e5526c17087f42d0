import { Duration } from "aws-cdk-lib";
import type { EventInvokeConfigOptions } from "aws-cdk-lib/aws-lambda";
import { use } from "sst/constructs";
import { type FunctionName, schedules } from "../packages/functions/src/topology.ts";
import { Alarms } from "./alarms.ts";

/** The scheduler runs every minute: the next round makes up for one that failed, and a late one would only run beside it. */
export const scheduler: FunctionName = "scheduler";

/**
 * How often Lambda runs a scheduled function again that failed, and whom it tells when that fails as well: the alarms'
 * topic, at once and with the reason, at no cost until then. The scheduler has an alarm instead.
 *
 * These are properties of the function and no resource of their own: under `sst dev` SST sets the attempts there, too,
 * and Lambda takes one such configuration for a version of a function.
 */
export function invocationOf(name: FunctionName): EventInvokeConfigOptions {
  if (!Object.values(schedules).some((schedule) => schedule.function === name)) return {};
  if (name === scheduler) return { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  const { topic } = use(Alarms);
  return {
    retryAttempts: 1,
    maxEventAge: Duration.minutes(30),
    onFailure: { bind: () => ({ destination: topic.topicArn }) },
  };
}
