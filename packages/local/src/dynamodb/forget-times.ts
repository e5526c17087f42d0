import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;
type Key = { pk: AttributeValue; sk: AttributeValue };

/** What a row is, by the beginnings of its keys. */
const isSchedule = ({ pk, sk }: Key) => pk.S?.startsWith("schedule#") && sk.S?.startsWith("corporation#");
const isDataset = ({ sk }: Key) => sk.S?.startsWith("dataset#");

const prefixes = {
  ":validators": "validators#",
  ":dataset": "dataset#",
  ":login": "login#",
  ":limits": "esi#",
  ":schedule": "schedule#",
  ":corporation": "corporation#",
};

const wanted =
  "begins_with(sk, :validators) OR begins_with(pk, :login) OR begins_with(pk, :limits) OR begins_with(sk, :dataset) OR " +
  "(begins_with(pk, :schedule) AND begins_with(sk, :corporation))";

/** An update that changes nothing of a row that is gone, or not as it was. */
async function update(client: DynamoDBClient, table: string, Key: Key, change: [string, string, Item]): Promise<void> {
  const [UpdateExpression, ConditionExpression, ExpressionAttributeValues] = change;
  await client
    .send(
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression,
        ConditionExpression,
        ...(Object.keys(ExpressionAttributeValues).length > 0 ? { ExpressionAttributeValues } : {}),
      }),
    )
    .catch((error: Error) => {
      if (error.name !== "ConditionalCheckFailedException") throw error;
    });
}

const wake: [string, string, Item] = [
  "SET wakeAt = :now, sent = :none",
  "attribute_exists(pk)",
  { ":now": { N: "0" }, ":none": { M: {} } },
];

/**
 * Has everything that waits for a moment looked at anew: every corporation in the next round, every dataset that `isDue` at
 * once. What is known of ESI's earlier answers and of its limits is forgotten, so that all is asked for in full; logins under
 * way begin again. No row of data is touched.
 */
export async function forgetTimes(
  client: DynamoDBClient,
  table: string,
  isDue: (state: Item) => boolean = () => false,
): Promise<void> {
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      FilterExpression: wanted,
      ProjectionExpression: "pk, sk, leaseUntil, refreshedAt, errorAt",
      ExpressionAttributeValues: Object.fromEntries(Object.entries(prefixes).map(([name, S]) => [name, { S }])),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk, ...rest } of Items) {
      if (!pk || !sk) continue;
      const key = { pk, sk };
      if (isSchedule(key)) await update(client, table, key, wake);
      else if (!isDataset(key)) await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
      // A worker that holds the lease loses it, and what it then writes is refused.
      else if (isDue(rest)) await update(client, table, key, ["REMOVE nextAt, leaseUntil", "attribute_exists(pk)", {}]);
    }
  }
}

/** The same after the clock has gone back to `now`: due is what was last seen to after it, or is leased for longer than can be. */
export const forgetFuture = (client: DynamoDBClient, table: string, now: number): Promise<void> => {
  const longestLeaseMs = 60_000;
  const isAfter = (value: AttributeValue | undefined, moment: number) => Number(value?.N ?? 0) > moment;
  return forgetTimes(
    client,
    table,
    ({ leaseUntil, refreshedAt, errorAt }) =>
      isAfter(refreshedAt, now) || isAfter(errorAt, now) || isAfter(leaseUntil, now + longestLeaseMs),
  );
};
