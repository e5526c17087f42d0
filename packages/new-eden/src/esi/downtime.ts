import { dayMs, minuteMs, secondMs } from "../clock.ts";

/** Daily downtime begins at 11:00 UTC and takes about five minutes. */
const dailyStartMs = 11 * 60 * minuteMs;
const dailyLengthMs = 5 * minuteMs;

/** When the game, and ESI with it, is down: on command, and every day at eleven if so chosen. */
export class Downtime {
  readonly #isDaily: boolean;
  #untilMs = 0;

  constructor(isDaily: boolean) {
    this.#isDaily = isDaily;
  }

  start(nowMs: number, durationSeconds: number): void {
    this.#untilMs = nowMs + durationSeconds * secondMs;
  }

  isOn(nowMs: number): boolean {
    const ofDay = nowMs % dayMs;
    const isDailyOne = this.#isDaily && ofDay >= dailyStartMs && ofDay < dailyStartMs + dailyLengthMs;
    return isDailyOne || nowMs < this.#untilMs;
  }
}
