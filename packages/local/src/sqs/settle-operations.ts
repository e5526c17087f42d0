import { z } from "zod";
import type { Broker } from "./broker.ts";
import type { Slot } from "./delivery-order.ts";
import { invalidParameter, messageNotInFlight, receiptHandleInvalid } from "./errors.ts";
import { parseReceiptHandle } from "./message.ts";
import { operation, QueueInput, runBatch } from "./parse.ts";
import type { Queue } from "./queue.ts";

const Handle = z.object({ ReceiptHandle: z.string().min(1) });
const VisibilityTimeout = z.int().min(0).max(43_200);
const Id = z.object({ Id: z.string() });

/** The message of a handle, unless it is gone or has been delivered again since. */
function current(queue: Queue, handle: string): Slot | undefined {
  const parsed = parseReceiptHandle(handle);
  if (!parsed) throw receiptHandleInvalid(handle);
  const slot = queue.find(parsed.id);
  if (!slot || parsed.delivery < slot.message.receiveCount) return undefined;
  if (queue.fifo && slot.state !== "inFlight") {
    throw invalidParameter(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  }
  return slot;
}

/** Deleting twice, or with the handle of an earlier delivery, succeeds and does nothing, as SQS allows itself. */
async function remove(broker: Broker, queue: Queue, handle: string) {
  const slot = current(queue, handle);
  if (slot) await broker.commit([{ op: "delete", queue: queue.name, id: slot.message.id }]);
  return {};
}

async function changeVisibility(broker: Broker, queue: Queue, handle: string, seconds: number) {
  const slot = current(queue, handle);
  if (slot?.state !== "inFlight") throw messageNotInFlight();
  const until = Date.now() + seconds * 1000;
  await broker.commit([{ op: "visibility", queue: queue.name, id: slot.message.id, until }]);
  return {};
}

/** What a consumer does with a message that it has received. */
export const settleOperations = (broker: Broker) => ({
  DeleteMessage: operation(QueueInput.extend(Handle.shape), (input) =>
    remove(broker, broker.get(input.QueueUrl), input.ReceiptHandle),
  ),

  DeleteMessageBatch: operation(QueueInput.extend({ Entries: z.array(Id.extend(Handle.shape)) }), (input) => {
    const queue = broker.get(input.QueueUrl);
    return runBatch(input.Entries, ({ ReceiptHandle }) => remove(broker, queue, ReceiptHandle));
  }),

  ChangeMessageVisibility: operation(QueueInput.extend({ ...Handle.shape, VisibilityTimeout }), (input) =>
    changeVisibility(broker, broker.get(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout),
  ),

  ChangeMessageVisibilityBatch: operation(
    QueueInput.extend({ Entries: z.array(Id.extend({ ...Handle.shape, VisibilityTimeout })) }),
    (input) => {
      const queue = broker.get(input.QueueUrl);
      return runBatch(input.Entries, (entry) =>
        changeVisibility(broker, queue, entry.ReceiptHandle, entry.VisibilityTimeout),
      );
    },
  ),
});
