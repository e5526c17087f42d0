import { useCallback, useEffect, useRef } from "react";

/** Calls the newest `callback` with the last value, once no further value has come for `delayMs`. */
export function useDebounced<Value>(callback: (value: Value) => void, delayMs: number): (value: Value) => void {
  const newest = useRef(callback);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    newest.current = callback;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (value) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => newest.current(value), delayMs);
    },
    [delayMs],
  );
}
