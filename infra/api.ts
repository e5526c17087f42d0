import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat, CfnAccount } from "aws-cdk-lib/aws-apigateway";
import {
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  WebSocketRoute,
  WebSocketStage,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type App, type Stack, type StackContext, use } from "sst/constructs";
import {
  appName,
  httpFunction,
  socketFunction,
  socketRoutes,
  socketStage,
} from "../packages/functions/src/topology.ts";
import { addAlarm } from "./alarms.ts";
import { Endpoints } from "./endpoints.ts";
import { Functions } from "./functions.ts";

/** Bounds what an attack can cost; one person clicking fast stays far below. */
const throttle = { rateLimit: 200, burstLimit: 400 };

/** Paths only: query strings carry the login's code and state, headers carry cookies and socket tickets. */
const httpLogFields = {
  requestId: "$context.requestId",
  at: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
};

const socketLogFields = {
  requestId: "$context.requestId",
  at: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  event: "$context.eventType",
  route: "$context.routeKey",
  status: "$context.status",
  error: "$context.integrationErrorMessage",
};

const accessLog = (app: App, stack: Stack, name: string, fields: Record<string, string>) => ({
  destination: new LogGroupLogDestination(
    new LogGroup(stack, `${name}-access-log`, {
      // The prefix under which AWS keeps no list of log groups by name; that list has a size limit per account.
      logGroupName: `/aws/vendedlogs/${appName}/${app.stage}/${name}-access`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  ),
  format: AccessLogFormat.custom(JSON.stringify(fields)),
});

function addHttp(app: App, stack: Stack): void {
  const { http } = use(Endpoints);
  const stage = new HttpStage(stack, "HttpStage", {
    httpApi: http,
    stageName: "$default",
    autoDeploy: true,
    throttle,
    accessLogSettings: accessLog(app, stack, "http", httpLogFields),
  });
  new HttpRoute(stack, "HttpRoute", {
    httpApi: http,
    routeKey: HttpRouteKey.DEFAULT,
    // Sessions are the handler's business: it answers visitors, too.
    authorizer: new HttpNoneAuthorizer(),
    integration: new HttpLambdaIntegration("Http", use(Functions)[httpFunction]),
  });
  addAlarm(stack, "api-errors", {
    metric: stage.metricServerError({ statistic: "Sum" }),
    threshold: 5,
    description: "The API answered five requests in five minutes with a server error.",
  });
}

function addSockets(app: App, stack: Stack): void {
  const { sockets } = use(Endpoints);
  const routes = socketRoutes.map((routeKey) => {
    const integration = new WebSocketLambdaIntegration(routeKey, use(Functions)[socketFunction]);
    return new WebSocketRoute(stack, `Socket-${routeKey}`, { webSocketApi: sockets, routeKey, integration });
  });
  const stage = new WebSocketStage(stack, "SocketStage", {
    webSocketApi: sockets,
    stageName: socketStage,
    autoDeploy: true,
    throttle,
    accessLogSettings: accessLog(app, stack, "socket", socketLogFields),
  });
  addAlarm(stack, "socket-errors", {
    // Not IntegrationError: that counts a visitor's worn-out ticket, too.
    metric: new Metric({
      namespace: "AWS/ApiGateway",
      metricName: "ExecutionError",
      dimensionsMap: { ApiId: sockets.apiId, Stage: socketStage },
      statistic: "Sum",
      period: Duration.minutes(5),
    }),
    threshold: 5,
    description: "Five messages or connections in five minutes did not get through to the sockets' function.",
  });
  // API Gateway deploys a WebSocket API only once it has a route.
  stage.node.addDependency(...routes, addLoggingRole(stack));
}

/**
 * WebSocket APIs write logs with a role that is set once per account and region. It is left behind when the stage is
 * removed, since other stages write with it.
 */
function addLoggingRole(stack: Stack): CfnAccount {
  const role = new Role(stack, "LoggingRole", {
    assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("service-role/AmazonAPIGatewayPushToCloudWatchLogs")],
  });
  const account = new CfnAccount(stack, "Account", { cloudWatchRoleArn: role.roleArn });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}

/** Routes, stages, throttling and access logs of both APIs. */
export function Api({ app, stack }: StackContext) {
  addHttp(app, stack);
  addSockets(app, stack);
  stack.addOutputs({ ApiUrl: `https://${use(Endpoints).httpHost}`, SocketUrl: use(Endpoints).socketUrl });
}
