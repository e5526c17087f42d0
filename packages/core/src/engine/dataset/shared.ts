import type { OperationId } from "../../eve/esi/index.ts";
import { isConditionFailed } from "../../platform/error/index.ts";
import { packJson, unpackJson } from "../../platform/gzip/index.ts";
import { askWhole, type ToRows } from "./ask.ts";
import { expectPagination } from "./fetch.ts";
import type { FetchContext, Fetched, Row } from "./index.ts";
import { sharedAnswers } from "./shared.entity.ts";

/** A worker that dies while it asks holds the others up for this long; longer than all tries of a call may take. */
const leaseMs = 90_000;
/** Whoever finds that somebody is asking just now comes again after this. */
const waitMs = 60_000;

interface Stored {
  data?: unknown;
  etag?: string | undefined;
  staleAt?: number | undefined;
}

async function find(operation: OperationId): Promise<Stored | undefined> {
  const { data } = await sharedAnswers().get({ operation }).go({ consistent: true });
  return data ?? undefined;
}

/** Takes the right to ask. Undefined: another worker has it. */
async function claim(operation: OperationId, now: number): Promise<Stored | undefined> {
  try {
    const { data } = await sharedAnswers()
      .upsert({ operation })
      .set({ leaseUntil: now + leaseMs })
      .where(
        ({ leaseUntil, staleAt }, op) =>
          `(${op.notExists(leaseUntil)} OR ${op.lte(leaseUntil, now)}) AND (${op.notExists(staleAt)} OR ${op.lte(staleAt, now)})`,
      )
      .go({ response: "all_new" });
    return data;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

async function renew(operation: OperationId, known: Stored, context: FetchContext, toRows: ToRows) {
  const validator = known.etag && known.data ? { etags: [known.etag] } : undefined;
  const answered = await askWhole(operation, {}, validator, context, toRows);
  const data = answered.rows ? await packJson(answered.rows) : known.data;
  const etag = answered.validator?.etags[0];
  const { staleAt, cost } = answered;
  await sharedAnswers()
    .put({ operation, data, staleAt, ...(etag ? { etag } : {}) })
    .go();
  return { stored: { data, etag, staleAt }, cost };
}

const rowsOf = async (data: unknown): Promise<Row[]> => (await unpackJson([data as Uint8Array])) as Row[];

/**
 * A public answer that is the same for every owner: ESI is asked for it once until it expires, whoever needs it,
 * and each owner takes its copy from the table.
 */
export function shared(operation: OperationId, toRows: ToRows) {
  expectPagination(operation, undefined);
  return async (context: FetchContext): Promise<Fetched> => {
    const now = Date.now();
    let stored = await find(operation);
    let cost = 0;
    if (!stored?.staleAt || stored.staleAt <= now) {
      const claimed = await claim(operation, now);
      // Somebody is asking just now: the answer is here in a moment.
      if (!claimed) return { parts: [{ part: "" }], staleAt: now + waitMs, cost: 0 };
      ({ stored, cost } = await renew(operation, claimed, context, toRows));
    }
    const { data, etag, staleAt = now } = stored;
    const isKnown = etag !== undefined && context.validators[""]?.etags[0] === etag;
    return {
      parts: [
        {
          part: "",
          ...(isKnown ? {} : { rows: await rowsOf(data) }),
          ...(etag ? { validator: { etags: [etag] } } : {}),
        },
      ],
      staleAt,
      cost,
    };
  };
}
