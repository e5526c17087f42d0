// Another moment, time zone and locale for the tests: what depends on the day they run is found before that day comes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Moments at which software breaks: the year's last minutes, EVE's downtime on 29 February, a far year, a month's end. */
const moments = ["2026-12-31T23:50Z", "2028-02-29T11:05Z", "2031-07-17T04:30Z", "2027-04-30T11:05Z"];
const zones = ["Asia/Kolkata", "America/New_York", "Pacific/Chatham"];
const locales = ["tr_TR.UTF-8", "de_DE.UTF-8", "en_US.UTF-8", "ar_EG.UTF-8", "ja_JP.UTF-8"];

/** The same for the whole of a day. The lists' lengths share no divisor: every pair has its turn. */
export function settingOf(date) {
  const day = Math.floor(date.getTime() / 86_400_000);
  const turn = (list) => list[day % list.length];
  return { clock: turn(moments), tz: turn(zones), locale: turn(locales) };
}

/** How a person runs the same again. */
export const asArguments = (setting) =>
  Object.entries(setting)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name} ${value}`)
    .join(" ");

export function momentOf(text) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  console.error(`\n  ✗ --clock takes a moment such as 2028-02-29T11:05Z, not "${text}".\n`);
  process.exit(1);
}

const isThere = () => spawnSync("faketime", ["--version"]).status === 0;

/** Whether `faketime` can be called; Debian's package is installed where root may do so. */
export function findFaketime() {
  if (isThere()) return true;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const apt = (...args) => spawnSync("apt-get", [...args, "-qq"], options).status === 0;
  const install = () => apt("install", "-y", "--no-install-recommends", "faketime");
  return (install() || (apt("update") && install())) && isThere();
}

/** A command as it is called under a setting, and the environment it needs. */
export function shifted([program, ...args], { clock, tz, locale }, isFaketimeThere) {
  const env = {
    ...(tz ? { TZ: tz } : {}),
    ...(locale ? { LC_ALL: locale, LANG: locale } : {}),
    // Where the tests' own clock begins; else it is a fixed moment whatever day it is.
    ...(clock ? { TEST_CLOCK: new Date(momentOf(clock)).toISOString() } : {}),
  };
  if (!clock || !isFaketimeThere) return { command: [program, ...args], env };
  // An offset, and not a moment: each child process would begin at the moment anew.
  const offset = Math.round((momentOf(clock) - Date.now()) / 1000);
  return {
    command: ["faketime", "-f", `${offset < 0 ? "" : "+"}${offset}s`, program, ...args],
    // Timers and durations stay real.
    env: { ...env, FAKETIME_DONT_FAKE_MONOTONIC: "1" },
  };
}
