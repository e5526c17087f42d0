/** By way of the prototype, which simulated clocks share: this module may be loaded while one of them runs. */
const RealDate = Date.prototype.constructor as DateConstructor;

/** One number of milliseconds, shared by the host and its workers: how far the simulated time is ahead of the real one. */
export type ClockOffset = SharedArrayBuffer;

export const createClockOffset = (): ClockOffset => new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);

export const setClockOffset = (offset: ClockOffset, milliseconds: number): void => {
  new Float64Array(offset)[0] = milliseconds;
};

/**
 * Makes `Date.now()` and `new Date()` of this thread follow the offset. Timers stay real: a simulated day that
 * passes in a blink must not cut off running invocations or open connections. Returns the way back.
 */
export function installSimulatedClock(offset: ClockOffset): () => void {
  const view = new Float64Array(offset);
  const now = () => RealDate.now() + Math.round(view[0] ?? 0);
  const simulated = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
  const before = globalThis.Date;
  globalThis.Date = simulated;
  return () => {
    globalThis.Date = before;
  };
}
