import { useSyncExternalStore } from "react";

/**
 * The server's clock, as the `Date` header of each answer and the `at` of each socket message tell it. Ages are computed
 * against it: the browser's own clock may be minutes wrong, and a simulated world may run days ahead.
 * Between two answers the monotonic timer counts on, since the wall clock of the browser can be set back.
 */
let anchor: { serverMs: number; elapsedMs: number } | undefined;

/** The `Date` header counts whole seconds; below this difference the anchor stays, so that ages do not jitter. */
const TOLERANCE_MS = 1_500;

export function learnServerTime(serverMs: number): void {
  if (!Number.isFinite(serverMs)) return;
  if (anchor && Math.abs(serverMs - serverNow()) < TOLERANCE_MS) return;
  anchor = { serverMs, elapsedMs: performance.now() };
  tick();
}

export function serverNow(): number {
  if (!anchor) return Date.now();
  return anchor.serverMs + (performance.now() - anchor.elapsedMs);
}

const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  current = serverNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    current = serverNow();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time, ticking; `stepMs` bounds how often the component draws again. */
export function useNow(stepMs = 1_000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(current / stepMs) * stepMs);
}
