import { createRequire } from "node:module";
import { queueName } from "../../packages/functions/src/topology.ts";
import { changeEnvironment, environmentOf, type Place, stage, tapi } from "./deployment.ts";
import { until } from "./until.ts";

interface Sqs {
  SQSClient: new (input: object) => { send(command: object): Promise<{ Attributes?: Record<string, string> }> };
  SendMessageCommand: new (input: object) => object;
  SetQueueAttributesCommand: new (input: object) => object;
  GetQueueAttributesCommand: new (input: object) => object;
}

const { SQSClient, SendMessageCommand, SetQueueAttributesCommand, GetQueueAttributesCommand } = createRequire(
  new URL("../../packages/core/package.json", import.meta.url),
)("@aws-sdk/client-sqs") as Sqs;

export interface Grave extends Place {
  corporationId: number;
}

/**
 * A refresh whose worker has lost its table ends among the dead letters; with the table back it is sent back and done.
 * Two deliveries instead of five: nobody wants to wait out the back-off of the others.
 */
export async function buryAndRedrive(grave: Grave): Promise<string> {
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  const address = (name: string) => `${process.env.QUEUE_URL_BASE}${name}`;
  const [queue, deadLetterQueue] = [address("public"), address("public-dlq")];
  const countOf = async (url: string) => {
    const all = { QueueUrl: url, AttributeNames: ["All"] };
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(all));
    return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  };
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["RedrivePolicy"] }),
  );
  const policy = JSON.parse(Attributes.RedrivePolicy ?? "{}");
  const RedrivePolicy = JSON.stringify({ ...policy, maxReceiveCount: 2 });
  await client.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { RedrivePolicy } }));
  const { TABLE_NAME = "" } = await environmentOf("refresh-small");
  await changeEnvironment("refresh-small", { TABLE_NAME: "no-such-table" });
  const owner = { kind: "corporation", id: grave.corporationId };
  const message = { owner, datasets: ["public-info"], reason: "schedule" };
  await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify(message) }));
  await until(300, "a dead letter", async () => ((await countOf(deadLetterQueue)) > 0 ? true : undefined));
  await changeEnvironment("refresh-small", { TABLE_NAME });
  const listed = await tapi(grave, ["dlq", "list", "--json"]);
  const [, id] = /"messageId": ?"([^"]+)"/.exec(listed) ?? [];
  if (!id) throw new Error(`\`tapi dlq list\` does not show it: ${listed}`);
  // The emulator cannot move a whole queue (`ListMessageMoveTasks`), which `--all` asks of SQS.
  await tapi(grave, ["dlq", "redrive", "--id", id]);
  await until(300, "the message to be done", async () =>
    (await countOf(queue)) + (await countOf(deadLetterQueue)) === 0 ? true : undefined,
  );
  return `${queueName(stage, "public")} is empty again`;
}
