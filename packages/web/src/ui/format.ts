const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const decimals = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

export function formatNumber(value: number): string {
  return Number.isInteger(value) ? whole.format(value) : decimals.format(value);
}

const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 });

/** Every digit of a figure; a text is an amount that no number holds exactly. */
export function formatExact(value: number | string): string {
  // The types do not know yet that texts are formatted digit by digit.
  return exact.format(value as number);
}

/** A number and what it counts: "1 row", "3,000 rows", "1 entry", "2 entries". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** ISK in full, to the cent, as the game's wallet shows it; a text is an amount that no number holds exactly. */
export function formatIsk(value: number | string): string {
  return cents.format(value as number);
}

const steps: [number, string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

/** Three significant digits and a letter: 1.23 B, 45.6 M, 789 k. */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  const step = steps.find(([floor]) => size >= floor * 0.9995);
  if (!step) return whole.format(value);
  const scaled = value / step[0];
  const digits = Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${step[1]}`;
}

export function formatPercent(share: number): string {
  return `${decimals.format(share * 100)} %`;
}

/** The largest one or two units: 45 s, 3 min, 2 h 10 min, 5 d 3 h. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return pair(ms, HOUR, "h", MINUTE, "min");
  if (ms < 60 * DAY) return ms < 10 * DAY ? pair(ms, DAY, "d", HOUR, "h") : `${Math.floor(ms / DAY)} d`;
  return ms < 730 * DAY ? `${Math.floor(ms / (30 * DAY))} months` : `${Math.floor(ms / (365 * DAY))} years`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ""}`;
}

/** How long ago, or how long until: "just now", "3 min ago", "in 2 h 5 min". */
export function formatAge(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (Math.abs(age) < 5 * SECOND) return "just now";
  return age > 0 ? `${formatDuration(age)} ago` : `in ${formatDuration(-age)}`;
}

/** As the game writes it, in EVE time, which is UTC: 2026.11.20 11:42. */
export function formatDateTime(value: string | number): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return String(value);
  return date.toISOString().slice(0, 16).replace("T", " ").replaceAll("-", ".");
}

export function formatDate(value: string | number): string {
  return formatDateTime(value).slice(0, 10);
}

export function formatTime(value: string | number): string {
  return formatDateTime(value).slice(11);
}

/** `player_donation` -> "Player donation", `CorpSAG1` -> "Corp SAG1". */
export function humanise(value: string): string {
  const words = value
    .replace(/_/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Up to two letters that stand for a name where its picture is missing. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return (
    letters
      .map((word) => word?.charAt(0) ?? "")
      .join("")
      .toUpperCase() || "?"
  );
}
