/** The daily downtime begins at 11:00 UTC; ESI is usually back within minutes. */
const beginMinute = 11 * 60;
const usualEndMinute = beginMinute + 5;
const endMinute = beginMinute + 15;

const minuteOf = (time: number): number => Math.floor((time % 86_400_000) / 60_000);

/** Whether gateway errors at this moment are explained by the daily downtime. */
export const inDowntime = (time: number): boolean => minuteOf(time) >= beginMinute && minuteOf(time) < endMinute;

/** When to knock again during the downtime: at its usual end, from then on every minute. */
export function afterDowntime(time: number): number {
  const midnight = time - (time % 86_400_000);
  return Math.max(midnight + usualEndMinute * 60_000, time + 60_000);
}
