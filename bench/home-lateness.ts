import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Datasets } from "@tapi/core/owners/corporation";

interface State {
  dataset: string;
  refreshedAt?: number;
  staleAt?: number;
  nextAt?: number;
  changedAt?: number;
  listVersion?: number;
  failures?: number;
}

/** How late refreshes were, in seconds after the data's expiry, or after the list's change for what follows a list. */
export interface Lateness {
  /** To be called for each corporation more often than anything expires. */
  look(corporationId: number): Promise<void>;
  seconds: number[];
  /** Datasets that had failed when they were looked at. */
  failing: number;
}

/** From when the refresh at which `now` was read could have been. */
function dueAt(before: State, now: State, list: State | undefined): number {
  // What expires each minute is fetched after an interval of its own (minIntervalSeconds); a back-off does count as late.
  const expiry = Math.max(before.staleAt ?? 0, (before.failures ?? 0) > 0 ? 0 : (before.nextAt ?? 0));
  const followed = list !== undefined && now.listVersion !== before.listVersion;
  return followed ? Math.min(expiry, list.changedAt ?? expiry) : expiry;
}

/** Reads the states that the product keeps, as the freshness board does. */
export function watchLateness(endpoint: string, table: string): Lateness {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: "us-east-1", credentials }));
  const known = new Map<number, Map<string, State>>();
  const lateness: Lateness = { look, seconds: [], failing: 0 };

  async function read(corporationId: number): Promise<Map<string, State>> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": `corporation#${corporationId}`, ":sk": "dataset#" },
        ProjectionExpression: "dataset, refreshedAt, staleAt, nextAt, changedAt, listVersion, failures",
      }),
    );
    return new Map((Items as State[]).map((state) => [state.dataset, state]));
  }

  async function look(corporationId: number): Promise<void> {
    const states = await read(corporationId);
    const before = known.get(corporationId);
    known.set(corporationId, states);
    for (const [name, state] of states) {
      if ((state.failures ?? 0) > 0) lateness.failing += 1;
      const last = before?.get(name);
      if (last?.refreshedAt === undefined || state.refreshedAt === undefined) continue;
      if (state.refreshedAt === last.refreshedAt) continue;
      const list = states.get(Datasets.find(name)?.detailOf ?? "");
      lateness.seconds.push(Math.max(0, state.refreshedAt - dueAt(last, state, list)) / 1000);
    }
  }
  return lateness;
}
