import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Aspects } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cacheControl } from "../packages/functions/src/site-headers.ts";
import {
  consumerOf,
  type FunctionName,
  functions,
  type QueueName,
  queues,
  refreshQueues,
  schedules,
} from "../packages/functions/src/topology.ts";
import { accepted } from "./test/accepted-findings.ts";
import { list, type Statement } from "./test/rights.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

const clientSecret = `secret-${crypto.randomUUID()}`;
const queueNames = Object.keys(queues) as QueueName[];
const functionNames = Object.keys(functions) as FunctionName[];
let cloud: Synthesised;

beforeAll(async () => {
  cloud = await synthesise({
    stage: "test",
    bundle: true,
    environment: { ALARM_EMAIL: "alarm@example.com", EVE_CLIENT_SECRET: clientSecret },
    inspect: (app) => Aspects.of(app).add(new AwsSolutionsChecks()),
  });
}, 180_000);

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

  test.each(queueNames)("%s raises an alarm at the first dead letter and when its oldest message grows old", (name) => {
    const template = cloud.template("Queues");
    const common = { AlarmActions: Match.anyValue(), OKActions: Match.anyValue() };

    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      ...common,
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queueId(`${name}-dlq`), "QueueName"] } }],
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      ...common,
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queueId(name), "QueueName"] } }],
      Threshold: 12 * queues[name].timeoutSeconds,
    });
  });

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

  test("no template holds the EVE application's secret", () => {
    expect(cloud.text).toContain("EVE_CLIENT_SECRET_PARAMETER");
    expect(cloud.text).not.toContain(clientSecret);
  });
});

describe("the rest", () => {
  test("the site is uploaded with its cache rules: documents never cached, hashed files a year", () => {
    const [upload] = cloud.resources("Custom::S3Uploader");

    // The last rule that matches a file wins.
    const rules = upload?.Properties.fileOptions as unknown[] | undefined;
    expect(rules?.slice(-3)).toEqual([
      { files: "**", cacheControl: cacheControl.other },
      { files: "**/*.html", cacheControl: cacheControl.document },
      { files: "assets/**", cacheControl: cacheControl.hashed },
    ]);
    expect(cacheControl).toMatchObject({ document: "no-store", hashed: "public, max-age=31536000, immutable" });
  });

  test("no policy has a wildcard in an action or a whole resource", () => {
    const wide = cloud
      .resources("AWS::IAM::Policy")
      .flatMap(({ Properties }) =>
        (Properties.PolicyDocument as { Statement: Statement[] }).Statement.filter(
          ({ Action, Resource }) => list(Action).some((each) => each.includes("*")) || list(Resource).includes("*"),
        ).map(() => Properties.PolicyName),
      );

    expect(wide).toEqual([]);
  });

  test("every function in the app, also SST's and CDK's own, runs on nodejs24.x", () => {
    const runtimes = cloud.resources("AWS::Lambda::Function").map(({ Properties }) => Properties.Runtime);

    expect(runtimes.length).toBeGreaterThan(functionNames.length);
    expect(new Set(runtimes)).toEqual(new Set(["nodejs24.x"]));
  });

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

  test("cdk-nag finds nothing but what is accepted with a reason, and nothing is accepted in vain", () => {
    const findings = cloud.assembly.stacks.flatMap(({ messages }) =>
      messages
        .filter(({ level }) => level !== "info")
        .map(({ id, entry }) => {
          const [, rule = "", detail = ""] = /^(AwsSolutions-\w+)(?:\[(.*?)\])?:/.exec(String(entry.data)) ?? [];
          return { rule, where: `${id.replace("/test-tapi-", "")}${detail}` };
        }),
    );
    const matches = (finding: (typeof findings)[number]) =>
      accepted.filter(({ rule, where }) => rule === finding.rule && where.test(finding.where));

    expect(findings.filter((finding) => matches(finding).length === 0)).toEqual([]);
    expect(accepted.filter((each) => !findings.some((finding) => matches(finding).includes(each)))).toEqual([]);
  });

  test("the deployment is complete: a manifest that SST can read, and a bundle for each function", () => {
    const manifest = JSON.parse(readFileSync(join(cloud.folder, "assembly", "manifest.json"), "utf8"));

    const handlers = bundles().map(({ handler }) => handler);

    // SST 2.49.8 refuses schemas beyond 48.
    expect(Number.parseInt(manifest.version, 10)).toBeLessThanOrEqual(48);
    expect(Object.keys(manifest.artifacts)).toEqual(
      expect.arrayContaining(["test-tapi-Table", "test-tapi-Functions", "test-tapi-Site"]),
    );
    expect(handlers.sort()).toEqual(functionNames.map((name) => functions[name].handler).sort());
  });

  test("a function that reads the static data has them at the root of its package, no other carries them", () => {
    for (const { handler, folder, code } of bundles()) {
      expect(existsSync(join(folder, "static-data.json.gz")), handler).toBe(code.includes("static-data.json.gz"));
    }
  });
});

/** The packages of the functions as they would be uploaded. */
function bundles(): { handler: string; folder: string; code: string }[] {
  const root = join(cloud.folder, "bundles");
  const folders = readdirSync(root).filter((name) => !name.startsWith("StaticSite"));
  return folders.flatMap((name) => {
    const folder = join(root, name);
    const files = readdirSync(folder, { recursive: true }).map(String);
    return files
      .filter((file) => file.endsWith(".mjs"))
      .map((file) => ({
        handler: file.replace(/\.mjs$/, ".handler"),
        folder,
        code: readFileSync(join(folder, file), "utf8"),
      }));
  });
}
