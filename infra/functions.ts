import { basename, join } from "node:path";
import { RemovalPolicy } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LoggingFormat, SystemLogLevel } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type App, dependsOn, Function as LambdaFunction, type Stack, type StackContext, use } from "sst/constructs";
import { useProject } from "sst/project.js";
import { bundling } from "../packages/functions/src/bundling.ts";
import {
  appName,
  consumerOf,
  type FunctionDeclaration,
  type FunctionName,
  functions,
  httpFunction,
  type QueueName,
  queueName,
} from "../packages/functions/src/topology.ts";
import { Edge } from "./edge.ts";
import { Endpoints } from "./endpoints.ts";
import { invocationOf } from "./invocation.ts";
import { addOriginSecret } from "./origin-secret.ts";
import { permissions } from "./permissions.ts";
import { consume, Queues } from "./queues.ts";
import { runtime } from "./runtime.ts";
import { readSettings } from "./settings.ts";
import { Table } from "./table.ts";
import { Tokens } from "./tokens.ts";

/** What `@tapi/core/platform/config` validates at the first use. EVE's secret is not among it. */
function environment(app: App, stack: Stack): Record<string, string> {
  const settings = readSettings(app);
  const { socketUrl, managementEndpoint } = use(Endpoints);
  const { key, secretParameter } = use(Tokens);
  const queueHost = `https://sqs.${stack.region}.${stack.urlSuffix}/${stack.account}`;
  return {
    TAPI_STAGE: app.stage,
    TABLE_NAME: use(Table).table.tableName,
    QUEUE_URL_BASE: `${queueHost}/${queueName(app.stage, "" as QueueName)}`,
    KMS_KEY_ID: key.keyArn,
    EVE_CLIENT_ID: settings.eveClientId,
    EVE_CLIENT_SECRET_PARAMETER: secretParameter,
    PUBLIC_URL: use(Edge).publicUrl,
    SOCKET_URL: socketUrl,
    SOCKET_MANAGEMENT_ENDPOINT: managementEndpoint,
    ADMIN_CHARACTER_IDS: settings.adminCharacterIds,
    CONTACT: settings.contact,
    LOG_LEVEL: settings.logLevel,
  };
}

/**
 * Under `sst dev` the code runs on the developer's machine, but Lambda's environment comes with each event: what it calls
 * the root of the package does not exist there.
 */
function developmentEnvironment({ files = [] }: FunctionDeclaration): Record<string, string> {
  const [staticDataFile] = files;
  return staticDataFile ? { STATIC_DATA_FILE: join(useProject().paths.root, staticDataFile) } : {};
}

/** Whoever answers HTTP has to know what CloudFront shows; under `sst dev` there is no CloudFront. */
const edgeEnvironment = (app: App, stack: Stack, name: FunctionName): Record<string, string> =>
  name === httpFunction && use(Edge).site ? { ORIGIN_SECRET: addOriginSecret(app, stack, { owner: false }) } : {};

/** A role that may write its own log and what the topology grants, instead of AWS's managed policy for every log. */
function addRole(stack: Stack, name: FunctionName, declaration: FunctionDeclaration, logGroup: LogGroup): Role {
  const role = new Role(stack, `${name}-role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  for (const statement of permissions(stack, declaration.grants)) role.addToPolicy(statement);
  return role;
}

function addFunction(app: App, stack: Stack, name: FunctionName): LambdaFunction {
  const declaration: FunctionDeclaration = functions[name];
  const logGroup = new LogGroup(stack, `${name}-log`, {
    logGroupName: `/${appName}/${app.stage}/${name}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new LambdaFunction(stack, name, {
    functionName: `${appName}-${app.stage}-${name}`,
    handler: declaration.handler,
    timeout: declaration.timeoutSeconds,
    memorySize: declaration.memoryMb,
    runtime,
    architecture: "arm_64",
    tracing: "disabled",
    loggingFormat: LoggingFormat.JSON,
    // Lambda's own three lines for each invocation that went well would be most of the log. What goes wrong stays.
    systemLogLevelV2: SystemLogLevel.WARN,
    logGroup,
    role: addRole(stack, name, declaration, logGroup),
    environment: {
      ...environment(app, stack),
      ...edgeEnvironment(app, stack, name),
      ...(app.mode === "dev" ? developmentEnvironment(declaration) : {}),
    },
    ...invocationOf(name),
    copyFiles: (declaration.files ?? []).map((from) => ({ from, to: basename(from) })),
    nodejs: {
      format: "esm",
      sourcemap: false,
      minify: bundling.minify,
      splitting: bundling.splitting,
      esbuild: bundling,
    },
  });
}

/** Every function of the topology, and the queues that feed them. */
export function Functions({ app, stack }: StackContext) {
  // With a domain of one's own nothing here refers to it, but its secret has to be there.
  dependsOn(Edge);
  const names = Object.keys(functions) as FunctionName[];
  const built = Object.fromEntries(names.map((name) => [name, addFunction(app, stack, name)]));
  for (const [queue, pair] of Object.entries(use(Queues)) as [QueueName, ReturnType<typeof Queues>[QueueName]][]) {
    const consumer = built[consumerOf(queue)];
    if (consumer) consume(consumer, pair.queue, queue);
  }
  return built as Record<FunctionName, LambdaFunction>;
}
