import { Match } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  consumerOf,
  type FunctionDeclaration,
  functions,
  type QueueName,
  queues,
  refreshQueues,
  schedules,
} from "../packages/functions/src/topology.ts";
import { flat } from "./test/rights.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

const queueNames = Object.keys(queues) as QueueName[];
let cloud: Synthesised;

beforeAll(async () => {
  cloud = await synthesise({ stage: "test", environment: { ALARM_EMAIL: "alarm@example.com" } });
}, 60_000);

afterAll(() => cloud?.discard());

const idOf = (stack: string, type: string, properties: object): string => {
  const [id] = Object.keys(cloud.template(stack).findResources(type, { Properties: properties }));
  if (!id) throw new Error(`no ${type} with ${JSON.stringify(properties)} in ${stack}`);
  return id;
};

const queueId = (name: string) => idOf("Queues", "AWS::SQS::Queue", { QueueName: `tapi-test-${name}` });
const functionId = (name: string) => idOf("Functions", "AWS::Lambda::Function", { FunctionName: `tapi-test-${name}` });

describe("queues", () => {
  test("there are twelve refresh queues and the realtime queue", () => {
    expect(refreshQueues).toHaveLength(12);
    cloud.template("Queues").resourceCountIs("AWS::SQS::Queue", 2 * 13);
  });

  test.each(queueNames)("%s is encrypted, waits six times its consumer's timeout and redrives into its DLQ", (name) => {
    const { timeoutSeconds, maxReceiveCount } = queues[name];
    // What AWS advises for a queue that feeds Lambda, whose throttled deliveries count as well.
    expect(maxReceiveCount).toBeGreaterThanOrEqual(5);

    const template = cloud.template("Queues");

    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: `tapi-test-${name}`,
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * timeoutSeconds,
      RedrivePolicy: {
        maxReceiveCount,
        deadLetterTargetArn: { "Fn::GetAtt": [queueId(`${name}-dlq`), "Arn"] },
      },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: `tapi-test-${name}-dlq`,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
  });

  test.each(queueNames.flatMap((name) => [name, `${name}-dlq`]))("%s refuses what does not come over TLS", (name) => {
    cloud.template("Queues").hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: queueId(name) }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Deny",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
            Action: "sqs:*",
          }),
        ]),
      },
    });
  });

  const common = { AlarmActions: Match.anyValue(), OKActions: Match.anyValue() };

  test.each(queueNames)("%s raises an alarm at the first dead letter", (name) => {
    cloud.template("Queues").hasResourceProperties("AWS::CloudWatch::Alarm", {
      ...common,
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queueId(`${name}-dlq`), "QueueName"] } }],
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  });

  // News waits for nothing outside: what makes it wait is told by the alarms on throttled and on failing functions.
  test.each(queueNames.filter((name) => name !== "realtime"))(
    "%s raises an alarm when its oldest message grows old",
    (name) => {
      cloud.template("Queues").hasResourceProperties("AWS::CloudWatch::Alarm", {
        ...common,
        MetricName: "ApproximateAgeOfOldestMessage",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queueId(name), "QueueName"] } }],
        Threshold: 12 * queues[name].timeoutSeconds,
      });
    },
  );

  test.each(queueNames)("%s feeds its consumer within the topology's limits and keeps failed messages", (name) => {
    const { batchSize, windowSeconds, maxConcurrency } = queues[name];

    const sources = cloud.template("Functions").findResources("AWS::Lambda::EventSourceMapping", {
      Properties: { FunctionName: { Ref: functionId(consumerOf(name)) } },
    });

    const source = Object.values(sources).find((each) => JSON.stringify(each).includes(`GetAtt${queueId(name)}Arn`));
    expect(source?.Properties).toMatchObject({
      BatchSize: batchSize,
      MaximumBatchingWindowInSeconds: windowSeconds,
      ScalingConfig: { MaximumConcurrency: maxConcurrency },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

describe("data", () => {
  test("the table is on demand, encrypted, recoverable to any second, and forgets what has expired", () => {
    cloud.template("Table").hasResourceProperties("AWS::DynamoDB::Table", {
      BillingMode: "PAY_PER_REQUEST",
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      StreamSpecification: Match.absent(),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "lookup",
          KeySchema: [
            { AttributeName: "lookupPk", KeyType: "HASH" },
            { AttributeName: "lookupSk", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    });
  });

  test("the key of tokens rotates, and CloudWatch may use it for this stage's alarms only", () => {
    cloud.template("Tokens").hasResourceProperties("AWS::KMS::Key", {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          Match.objectLike({ Action: "kms:*", Principal: { AWS: Match.anyValue() } }),
          Match.objectLike({
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnLike: { "aws:SourceArn": Match.objectLike({ "Fn::Join": Match.anyValue() }) },
            },
          }),
        ],
      },
    });
    expect(cloud.text).toContain(":cloudwatch:us-east-1:123456789012:alarm:tapi-test-*");
  });
});

describe("the rest", () => {
  test("a deployment says where everything is", () => {
    for (const [stack, outputs] of Object.entries({
      Table: ["TableName"],
      Edge: ["Url", "DistributionDomain"],
      Api: ["ApiUrl", "SocketUrl"],
      Tokens: ["TokenKeyArn"],
      Alarms: ["AlarmTopicArn"],
    })) {
      for (const output of outputs) cloud.template(stack).hasOutput(output, {});
    }
  });

  test.each(Object.entries(schedules))("%s runs on its schedule", (name, { expression, function: target }) => {
    cloud.template("Schedules").hasResourceProperties("AWS::Events::Rule", {
      Name: `tapi-test-${name}`,
      ScheduleExpression: expression,
      State: "ENABLED",
      Targets: [
        { Arn: { "Fn::ImportValue": Match.stringLikeRegexp(`${functionId(target)}Arn`) }, Id: Match.anyValue() },
      ],
    });
  });

  test.each(Object.entries(schedules).filter(([name]) => name !== "scheduler"))(
    "%s: a run that failed twice is told to the alarms' topic",
    (_, { function: target }) => {
      cloud.template("Functions").hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        FunctionName: { Ref: functionId(target) },
        MaximumRetryAttempts: 1,
        DestinationConfig: {
          OnFailure: { Destination: { "Fn::ImportValue": Match.stringLikeRegexp("Alarms:.*Topic") } },
        },
      });
      const { grants }: FunctionDeclaration = functions[target];
      expect(grants).toContain("alarms.publish");
    },
  );

  test("a round of the scheduler is not tried again, and an alarm tells when none has succeeded for five minutes", () => {
    const name = { "Fn::ImportValue": Match.stringLikeRegexp(`Ref${functionId("scheduler")}`) };

    const template = cloud.template("Schedules");

    cloud.template("Functions").hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionId("scheduler") },
      MaximumRetryAttempts: 0,
      DestinationConfig: Match.absent(),
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "tapi-test-scheduler-silent",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: name }],
      Statistic: "Minimum",
      Period: 300,
      Threshold: 1,
      TreatMissingData: "breaching",
    });
  });

  test.each([
    ["token-keeper-silent", 3, "token-keeper"],
    ["cleanup-silent", 26, "cleanup"],
  ])("%s: an alarm tells when no run has succeeded for %i hours, or none was made", (alarm, hours, name) => {
    cloud.template("Schedules").hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: `tapi-test-${alarm}`,
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: { "Fn::ImportValue": Match.stringLikeRegexp(functionId(name)) } }],
      Statistic: "Minimum",
      Period: 3600,
      EvaluationPeriods: hours,
      Threshold: 1,
      TreatMissingData: "breaching",
    });
  });

  test.each(["Throttles", "Errors"])("an alarm tells when Lambda reports %s", (MetricName) => {
    cloud.template("Pressure").hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "AWS/Lambda",
      MetricName,
      Dimensions: Match.absent(),
      Statistic: "Sum",
      AlarmActions: Match.anyValue(),
    });
  });

  test.each(["ReadThrottleEvents", "WriteThrottleEvents"])("an alarm tells when the table reports %s", (MetricName) => {
    cloud.template("Pressure").hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "AWS/DynamoDB",
      MetricName,
      Dimensions: [{ Name: "TableName", Value: Match.anyValue() }],
      AlarmActions: Match.anyValue(),
    });
  });

  test("an alarm tells when sockets do not get through to their function", () => {
    cloud.template("Api").hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "AWS/ApiGateway",
      MetricName: "ExecutionError",
      AlarmActions: Match.anyValue(),
    });
  });

  test("an idle stage pays for two alarms a queue, one where news waits, and nine more, each of one metric", () => {
    const alarms = cloud.resources("AWS::CloudWatch::Alarm");

    expect(alarms).toHaveLength(2 * queueNames.length - 1 + 9);
    for (const { Properties } of alarms) expect(Properties).toMatchObject({ MetricName: expect.any(String) });
  });

  test("the site comes after the functions and the API that its pages ask", () => {
    const site = cloud.assembly.stacks.find(({ stackName }) => stackName === "test-tapi-Site");

    expect(site?.dependencies.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["test-tapi-Functions", "test-tapi-Api"]),
    );
  });

  test("there are at most three dashboards of at most fifty metrics each, which CloudWatch keeps for nothing", () => {
    const bodies = cloud.resources("AWS::CloudWatch::Dashboard").map((each) => flat(each.Properties.DashboardBody));

    const metrics = bodies.map((body) => body.match(/\["AWS\//g)?.length ?? 0);

    expect(metrics.length).toBeLessThanOrEqual(3);
    for (const count of metrics) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(50);
    }
  });

  test("alarms go to an encrypted topic over TLS, and to the address that was asked for", () => {
    const template = cloud.template("Alarms");

    template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: Match.objectLike({ StringEquals: { "aws:SourceAccount": "123456789012" } }),
          }),
        ],
      },
    });
    template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "alarm@example.com" });
  });
});
