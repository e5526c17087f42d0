import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  Table as DynamoDbTable,
  ProjectionType,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { StackContext } from "sst/constructs";
import { readSettings } from "./settings.ts";

/** The one table: keys by owner, one index for the second question an entity answers (docs/access-patterns.md). */
export function Table({ app, stack }: StackContext) {
  const { production } = readSettings(app);
  const table = new DynamoDbTable(stack, "Table", {
    tableName: `${app.name}-${app.stage}`,
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    timeToLiveAttribute: "expiresAt",
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: production,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({
    indexName: "lookup",
    partitionKey: { name: "lookupPk", type: AttributeType.STRING },
    sortKey: { name: "lookupSk", type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  stack.addOutputs({ TableName: table.tableName });
  return { table, indexArn: `${table.tableArn}/index/lookup` };
}
