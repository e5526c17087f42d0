import { type Address, addressKey } from "./shape.ts";
import { head } from "./snapshot.entity.ts";

/** What a reader must know to put the current version together; see the entity for each field. */
export interface Head {
  version: number;
  rows: number;
  changedAt: number;
  slot: "a" | "b";
  baseVersion: number;
  baseParts: number;
  baseBytes: number;
  deltaParts: number[];
  deltaBytes: number;
  deltasSince?: number;
  fence: number;
  since?: number;
}

/** The head as it is now: a writer's reads. */
export async function loadHead(address: Address): Promise<Head | undefined> {
  const { data } = await head().get(address).go({ consistent: true });
  return data ?? undefined;
}

interface Asked {
  address: Address;
  resolve: (found: Head | undefined) => void;
  reject: (error: unknown) => void;
}

/** DynamoDB takes this many keys in one request. */
const mostKeys = 100;

let waiting: Asked[] = [];

async function readTogether(asked: readonly Asked[]): Promise<void> {
  const addresses = [...new Map(asked.map(({ address }) => [addressKey(address), address])).values()];
  try {
    const { data, unprocessed } = await head()
      .get(addresses.map(({ owner, collection }) => ({ owner, collection })))
      .go();
    const found = new Map(data.map((each) => [addressKey(each), each]));
    const leftOut = new Set(unprocessed.map(addressKey));
    for (const { address, resolve, reject } of asked) {
      const name = addressKey(address);
      if (leftOut.has(name)) loadHead(address).then(resolve, reject);
      else resolve(found.get(name));
    }
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

function flush(): void {
  const asked = waiting;
  waiting = [];
  for (let from = 0; from < asked.length; from += mostKeys) void readTogether(asked.slice(from, from + mostKeys));
}

/**
 * The head as it was a moment ago. Those asked for in one turn of the event loop are read by one request: a table is shown
 * with the names that four other collections give, and a request costs more time than what it reads.
 */
export function loadHeadBatched(address: Address): Promise<Head | undefined> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ address, resolve, reject });
  });
}
