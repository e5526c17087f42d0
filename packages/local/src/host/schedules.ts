import type { Invoke, Topology } from "../runtime/topology.ts";
import { type Scheduler, startScheduler } from "../schedule/index.ts";

/** EventBridge rules that invoke their function with the event a scheduled rule sends. */
export function startSchedules(schedules: Topology["schedules"], invoke: Invoke): Scheduler {
  return startScheduler(
    Object.entries(schedules).map(([name, { expression, function: functionName }]) => ({
      expression,
      fire: (dueAt) => {
        const event = {
          version: "0",
          id: crypto.randomUUID(),
          "detail-type": "Scheduled Event",
          source: "aws.events",
          account: "000000000000",
          // Seconds, as EventBridge writes it.
          time: new Date(dueAt).toISOString().replace(/\.\d+Z$/, "Z"),
          region: "us-east-1",
          resources: [`arn:aws:events:us-east-1:000000000000:rule/${name}`],
          detail: {},
        };
        // The runtime has logged and told a failure; the next moment tries again.
        invoke(functionName, event).catch(() => undefined);
      },
    })),
  );
}
