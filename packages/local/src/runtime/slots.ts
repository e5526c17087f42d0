/** So many things at once; whoever comes later waits, in order. */
export interface Slots {
  /** Waits for a slot; gives what frees it again. */
  take(): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  const give = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((done) => waiting.push(done));
      return give;
    },
  };
}
