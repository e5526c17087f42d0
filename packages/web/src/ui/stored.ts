import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** Parsed values by key, so that one stored text always gives one object and React sees no change where there is none. */
const parsed = new Map<string, { text: string | null; value: unknown }>();

function read<Value>(key: string, initial: Value): Value {
  const text = localStorage.getItem(key);
  const known = parsed.get(key);
  if (known && known.text === text) return known.value as Value;
  let value: unknown = initial;
  try {
    if (text !== null) value = JSON.parse(text);
  } catch {
    // Somebody else's text under our key: the initial value serves.
  }
  parsed.set(key, { text, value });
  return value as Value;
}

/** State kept in this browser's local storage, shared by every component and tab that names the same key. */
export function useStored<Value>(key: string, initial: Value): [Value, (value: Value) => void] {
  const subscribe = useCallback((changed: () => void) => {
    listeners.add(changed);
    window.addEventListener("storage", changed);
    return () => {
      listeners.delete(changed);
      window.removeEventListener("storage", changed);
    };
  }, []);
  const value = useSyncExternalStore(subscribe, () => read(key, initial));
  const store = useCallback(
    (next: Value) => {
      localStorage.setItem(key, JSON.stringify(next));
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [value, store];
}
