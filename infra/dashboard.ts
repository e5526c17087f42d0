import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  PeriodOverride,
} from "aws-cdk-lib/aws-cloudwatch";
import { type Stack, type StackContext, use } from "sst/constructs";
import { aMinute } from "./alarms.ts";
import { Endpoints } from "./endpoints.ts";
import { Functions } from "./functions.ts";
import { Queues } from "./queues.ts";
import { Table } from "./table.ts";

const maximum = { period: aMinute, statistic: "Maximum" };

// The cast: CDK's own class and interface differ under exactOptionalPropertyTypes.
const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 7 }) as IWidget;

const queueGraphs = () => {
  const pairs = Object.entries(use(Queues));
  return [
    graph(
      "Waiting messages",
      pairs.map(([label, { queue }]) => queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label })),
    ),
    graph(
      "Age of the oldest message (s)",
      pairs.map(([label, { queue }]) => queue.metricApproximateAgeOfOldestMessage({ ...maximum, label })),
    ),
    graph(
      "Dead letters",
      pairs.map(([label, { deadLetterQueue }]) =>
        deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...maximum, label }),
      ),
    ),
  ];
};

const functionGraphs = () => {
  const functions = Object.entries(use(Functions));
  return [
    graph(
      "Function errors",
      functions.map(([label, each]) => each.metricErrors({ label })),
    ),
    graph(
      "Function duration, 95th percentile (ms)",
      functions.map(([label, each]) => each.metricDuration({ statistic: "p95", label })),
    ),
    graph(
      "Functions running at once",
      functions.map(([label, each]) => each.metric("ConcurrentExecutions", { ...maximum, label })),
    ),
  ];
};

const tableGraphs = () => {
  const { table } = use(Table);
  const sum = { period: aMinute, statistic: "Sum" };
  return [
    graph("Table: units and throttled requests per minute", [
      table.metricConsumedReadCapacityUnits({ ...sum, label: "read units" }),
      table.metricConsumedWriteCapacityUnits({ ...sum, label: "write units" }),
      table.metric("ReadThrottleEvents", { ...sum, label: "reads throttled" }),
      table.metric("WriteThrottleEvents", { ...sum, label: "writes throttled" }),
    ]),
  ];
};

const apiGraphs = () => {
  const { http, sockets } = use(Endpoints);
  const socketMetric = (metricName: string) =>
    new Metric({
      namespace: "AWS/ApiGateway",
      metricName,
      dimensionsMap: { ApiId: sockets.apiId },
      statistic: "Sum",
      label: metricName,
    });
  return [
    graph("API: requests and errors", [http.metricCount(), http.metricClientError(), http.metricServerError()]),
    graph("API: latency (ms)", [
      http.metricLatency({ statistic: "p50", label: "median" }),
      http.metricLatency({ statistic: "p95", label: "95th percentile" }),
    ]),
    graph("Sockets", ["ConnectCount", "MessageCount", "IntegrationError", "ExecutionError"].map(socketMetric)),
  ];
};

function addDashboard(stack: Stack, id: string, name: string, widgets: IWidget[]): void {
  const dashboard = new CloudWatchDashboard(stack, id, {
    dashboardName: name,
    periodOverride: PeriodOverride.AUTO,
  });
  for (let index = 0; index < widgets.length; index += 2) dashboard.addWidgets(...widgets.slice(index, index + 2));
}

/**
 * The first things to look at when something is slow or old. Two of them, because CloudWatch bills $3 a month for a
 * dashboard of more than fifty metrics.
 */
export function Dashboard({ app, stack }: StackContext) {
  const name = `${app.name}-${app.stage}`;
  addDashboard(stack, "Dashboard", name, [...functionGraphs(), ...tableGraphs(), ...apiGraphs()]);
  addDashboard(stack, "QueueDashboard", `${name}-queues`, queueGraphs());
}
