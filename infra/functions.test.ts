import { Match } from "aws-cdk-lib/assertions";
import { useProject } from "sst/project.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  consumerOf,
  type FunctionDeclaration,
  type FunctionName,
  functions,
  type Grant,
  type QueueName,
  queues,
} from "../packages/functions/src/topology.ts";
import { flat, list, rightsOf, statementsOf } from "./test/rights.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

const queueNames = Object.keys(queues) as QueueName[];
const functionNames = Object.keys(functions) as FunctionName[];
let cloud: Synthesised;

beforeAll(async () => {
  cloud = await synthesise({ stage: "test" });
}, 60_000);

afterAll(() => cloud?.discard());

const environmentOf = (name: FunctionName): Record<string, unknown> => {
  const [resource] = Object.values(
    cloud.template("Functions").findResources("AWS::Lambda::Function", {
      Properties: { FunctionName: `tapi-test-${name}` },
    }),
  );
  return resource?.Properties.Environment.Variables;
};

/** A logical id has no dashes. */
const queueResource = (name: string) => `queue/${name.replaceAll("-", "")}`;
const allQueues = queueNames.map(queueResource);

const queueConsumer = [
  "ReceiveMessage",
  "ChangeMessageVisibility",
  "GetQueueUrl",
  "DeleteMessage",
  "GetQueueAttributes",
];

/** Written out here once more on purpose: a wider grant in infra/ must not pass unseen. */
const rights: Record<Grant, string[]> = {
  "table.read": [
    "dynamodb:GetItem table",
    "dynamodb:BatchGetItem table",
    "dynamodb:ConditionCheckItem table",
    "dynamodb:Query table",
    "dynamodb:Query lookup",
  ],
  "table.write": [
    "dynamodb:PutItem table",
    "dynamodb:UpdateItem table",
    "dynamodb:DeleteItem table",
    "dynamodb:BatchWriteItem table",
  ],
  "kms.tokens": ["kms:GenerateDataKey key", "kms:Decrypt key"],
  "queues.send": allQueues.map((queue) => `sqs:SendMessage ${queue}`),
  "queues.inspect": allQueues.flatMap((queue) => [
    `sqs:GetQueueAttributes ${queue}`,
    `sqs:GetQueueAttributes ${queue}dlq`,
  ]),
  "dead_letters.handle": allQueues.flatMap((queue) =>
    ["ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage", "StartMessageMoveTask", "ListMessageMoveTasks"].map(
      (action) => `sqs:${action} ${queue}dlq`,
    ),
  ),
  "sockets.manage": [
    "execute-api:ManageConnections sockets/live/POST/@connections/*",
    "execute-api:ManageConnections sockets/live/DELETE/@connections/*",
  ],
  "alarms.publish": ["sns:Publish alarms", "kms:GenerateDataKey key", "kms:Decrypt key"],
  "secret.eve": ["ssm:GetParameter ssm:parameter/sst/tapi/test/Secret/EVE_CLIENT_SECRET/value"],
};

test.each(functionNames)("%s may do what the topology grants and no more", (name) => {
  const { grants }: FunctionDeclaration = functions[name];
  const consumed = queueNames.filter((queue) => consumerOf(queue) === name).map(queueResource);
  const expected = [
    "logs:CreateLogStream log",
    "logs:PutLogEvents log",
    ...grants.flatMap((grant) => rights[grant]),
    ...consumed.flatMap((queue) => queueConsumer.map((action) => `sqs:${action} ${queue}`)),
  ];

  const actual = rightsOf(cloud, name);

  expect(actual).toEqual([...new Set(expected)].sort());
});

test.each(functionNames)("%s uses the tokens' key for tokens alone", (name) => {
  const uses = statementsOf(cloud, name).filter(({ Action }) => list(Action).join().includes("kms:"));

  const forTokens = uses.filter(({ Condition }) => !Condition?.StringEquals?.["kms:ViaService"]);

  const { grants }: FunctionDeclaration = functions[name];
  expect(forTokens.map(({ Condition }) => Condition)).toEqual(
    grants.includes("kms.tokens")
      ? [
          {
            StringEquals: { "kms:EncryptionContext:purpose": "esi-token" },
            "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["characterId", "purpose", "day"] },
          },
        ]
      : [],
  );
});

test.each(functionNames)(
  "%s may add to the audit, if it writes at all, and never change or delete an entry",
  (name) => {
    const denied = statementsOf(cloud, name).filter(({ Effect }) => Effect === "Deny");

    const { grants }: FunctionDeclaration = functions[name];
    const writes = grants.includes("table.write");
    expect(denied).toMatchObject(
      writes
        ? [
            {
              Action: ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
              Condition: { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["audit", "audit#*"] } },
            },
          ]
        : [],
    );
  },
);

test("who may publish to the alarms' topic may use the tokens' key for that topic alone", () => {
  const [first, ...others] = statementsOf(cloud, "cleanup").filter(({ Action }) =>
    list(Action).join().includes("kms:"),
  );

  expect(others).toEqual([]);
  expect(flat(first?.Condition?.StringEquals?.["kms:ViaService"])).toBe("sns.us-east-1.{AWS::URLSuffix}");
});

test.each(functionNames)(
  "%s runs on arm64 with the topology's limits, logs JSON, of its own what went wrong, and forgets its log",
  (name) => {
    const { timeoutSeconds, memoryMb }: FunctionDeclaration = functions[name];

    cloud.template("Functions").hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: `tapi-test-${name}`,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: timeoutSeconds,
      MemorySize: memoryMb,
      LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN", LogGroup: Match.anyValue() },
    });
    cloud.template("Functions").hasResourceProperties("AWS::Logs::LogGroup", {
      LogGroupName: `/tapi/test/${name}`,
      RetentionInDays: 30,
    });
  },
);

test("every function gets the whole configuration", () => {
  for (const name of functionNames) {
    expect(Object.keys(environmentOf(name))).toEqual(
      expect.arrayContaining([
        ...["TAPI_STAGE", "TABLE_NAME", "QUEUE_URL_BASE", "KMS_KEY_ID", "EVE_CLIENT_ID", "PUBLIC_URL", "SOCKET_URL"],
        ...["SOCKET_MANAGEMENT_ENDPOINT", "ADMIN_CHARACTER_IDS", "CONTACT", "LOG_LEVEL"],
      ]),
    );
  }
  expect(flat(environmentOf("api").QUEUE_URL_BASE)).toBe(
    "https://sqs.us-east-1.{AWS::URLSuffix}/123456789012/tapi-test-",
  );
});

test("functions get the name of the parameter that `sst secrets set` writes, not the secret", () => {
  const variables = environmentOf("api");

  expect(variables.EVE_CLIENT_SECRET_PARAMETER).toBe(`${useProject().config.ssmPrefix}Secret/EVE_CLIENT_SECRET/value`);
  expect(variables).not.toHaveProperty("EVE_CLIENT_SECRET");
});
