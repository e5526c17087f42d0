/** A function gets a whole CPU at this size. */
const mbPerCpu = 1769;
/** Waits that a machine with everything on board does not have: ESI's answer, and a call to DynamoDB or SQS. */
export const esiWaitMs = 200;
export const callWaitMs = 5;
/** A round of the scheduler: its reads, states, sending and writing, each side by side. */
export const tickWaitMs = 4 * callWaitMs;

/** Milliseconds billed of an invocation: waits run side by side, work does not, at the function's share of a CPU. */
export const billedMs = (memoryMb: number, cpuMs: number, waitMs: number): number =>
  (cpuMs * mbPerCpu) / memoryMb + waitMs;

export const gbSeconds = (ms: number, memoryMb: number): number => (ms / 1000) * (memoryMb / 1024);

/** What `body` gives, the bytes that it writes to the log, and the milliseconds of processor time that it takes. */
export async function observed<T>(body: () => Promise<T>): Promise<{ result: T; cpuMs: number; loggedBytes: number }> {
  const write = process.stdout.write;
  let loggedBytes = 0;
  process.stdout.write = ((text: string) => {
    loggedBytes += Buffer.byteLength(text);
    return true;
  }) as typeof process.stdout.write;
  const before = process.cpuUsage();
  try {
    const result = await body();
    const { user, system } = process.cpuUsage(before);
    return { result, loggedBytes, cpuMs: (user + system) / 1000 };
  } finally {
    process.stdout.write = write;
  }
}
