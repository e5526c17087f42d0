import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type Stack, use } from "sst/constructs";
import { type Grant, socketStage } from "../packages/functions/src/topology.ts";
import { Alarms } from "./alarms.ts";
import { Endpoints } from "./endpoints.ts";
import { Queues } from "./queues.ts";
import { Table } from "./table.ts";
import { Tokens } from "./tokens.ts";

const allow = (actions: string[], resources: string[]) => [new PolicyStatement({ actions, resources })];

/**
 * Nobody changes or deletes an entry of the audit, one by one, in a batch or in a transaction. What IAM cannot say is that a
 * put must not replace an entry: it knows partitions, not conditions. The code creates each under an id that it makes.
 */
const auditIsAppendOnly = () =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
    resources: [use(Table).table.tableArn],
    conditions: { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["audit", "audit#*"] } },
  });

/** What each grant of the topology means in IAM: named actions on named resources, nothing else. */
const statements: Record<Grant, (stack: Stack) => PolicyStatement[]> = {
  "table.read": () => {
    const { table, indexArn } = use(Table);
    const onRows = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem"];
    return [...allow(onRows, [table.tableArn]), ...allow(["dynamodb:Query"], [table.tableArn, indexArn])];
  },
  "table.write": () => [
    // Transactions are authorised by these same actions.
    ...allow(
      ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
      [use(Table).table.tableArn],
    ),
    auditIsAppendOnly(),
  ],
  "kms.tokens": () => [
    // What the token vault asks for (core/src/identity/token/cipher.ts); the same key encrypts the alarms' topic.
    new PolicyStatement({
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [use(Tokens).key.keyArn],
      conditions: {
        StringEquals: { "kms:EncryptionContext:purpose": "esi-token" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["characterId", "purpose", "day"] },
      },
    }),
  ],
  "queues.send": () =>
    allow(
      ["sqs:SendMessage"],
      Object.values(use(Queues)).map(({ queue }) => queue.queueArn),
    ),
  "queues.inspect": () =>
    allow(
      ["sqs:GetQueueAttributes"],
      Object.values(use(Queues)).flatMap(({ queue, deadLetterQueue }) => [queue.queueArn, deadLetterQueue.queueArn]),
    ),
  // Looking, deleting and moving; sending back takes `queues.send` as well.
  "dead_letters.handle": () =>
    allow(
      [
        "sqs:ReceiveMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:StartMessageMoveTask",
        "sqs:ListMessageMoveTasks",
      ],
      Object.values(use(Queues)).map(({ deadLetterQueue }) => deadLetterQueue.queueArn),
    ),
  "sockets.manage": (stack) => {
    const api = `${use(Endpoints).sockets.apiId}/${socketStage}`;
    return allow(
      ["execute-api:ManageConnections"],
      // Sending, and closing the sockets of a session that has ended.
      ["POST", "DELETE"].map((verb) =>
        stack.formatArn({ service: "execute-api", resource: api, resourceName: `${verb}/@connections/*` }),
      ),
    );
  },
  "alarms.publish": (stack) => [
    ...allow(["sns:Publish"], [use(Alarms).topic.topicArn]),
    // The topic's messages are encrypted with the tokens' key; for anything else this statement opens nothing.
    new PolicyStatement({
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [use(Tokens).key.keyArn],
      conditions: { StringEquals: { "kms:ViaService": `sns.${stack.region}.${stack.urlSuffix}` } },
    }),
  ],
  "secret.eve": (stack) =>
    allow(
      ["ssm:GetParameter"],
      [
        stack.formatArn({
          service: "ssm",
          resource: "parameter",
          resourceName: use(Tokens).secretParameter.replace(/^\//, ""),
        }),
      ],
    ),
};

export const permissions = (stack: Stack, grants: readonly Grant[]): PolicyStatement[] =>
  grants.flatMap((grant) => statements[grant](stack));
