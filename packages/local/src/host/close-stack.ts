/** What was started, ended in reverse order; one that fails to end does not keep the others alive. */
export interface CloseStack {
  add(name: string, close: () => Promise<unknown>): void;
  closeAll(onError: (name: string, error: unknown) => void): Promise<void>;
}

export function createCloseStack(): CloseStack {
  const stack: { name: string; close: () => Promise<unknown> }[] = [];
  return {
    add: (name, close) => stack.push({ name, close }),
    closeAll: async (onError) => {
      for (let last = stack.pop(); last; last = stack.pop()) {
        const { name, close } = last;
        await close().catch((error: unknown) => onError(name, error));
      }
    },
  };
}
