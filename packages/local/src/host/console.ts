import { relative } from "node:path";
import type { LocalEndpoints } from "./environment.ts";
import type { WorldGuide } from "./world-guide.ts";

/** ANSI styles on a terminal; plain text for files, pipes and NO_COLOR. */
export function createStyle(colour: boolean) {
  const style = (code: string) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: style("1"), dim: style("2"), link: style("36;4"), good: style("32"), bad: style("31") };
}

export type Style = ReturnType<typeof createStyle>;

interface Started {
  publicUrl?: string | undefined;
  dataDir: string;
  startedInMs: number;
}

/** What a person needs once it runs: where to go, who to be, where things are. */
export function welcome(
  { endpoints, guide }: { endpoints: LocalEndpoints; guide?: WorldGuide | undefined },
  started: Started,
  style: Style,
): string {
  const known = guide?.pilots ?? [];
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  const pilots = known.map(({ name, corporation, ticker, members }) => {
    const size = members.toLocaleString("en-US");
    return `${style.bold(name.padEnd(width))}  CEO of ${corporation} [${ticker}], ${size} members`;
  });
  const inside = relative(process.cwd(), started.dataDir);
  const dataDir = inside.startsWith("..") ? started.dataDir : inside || ".";
  const world: [string, string][] = endpoints.newEden
    ? [["New Eden", `${style.link(endpoints.newEden)}  ${style.dim("the simulated EVE: its clock, its faults")}`]]
    : [["Log in as", "any of your pilots, at EVE itself"]];
  const rows: [string, string][] = [
    ["Open", style.link(started.publicUrl ?? endpoints.web)],
    ...pilots.map((line, index): [string, string] => [index === 0 ? "Log in as" : "", line]),
    ...world,
    ["Data", `${dataDir}  ${style.dim("kept between runs; npm start -- --fresh begins anew")}`],
  ];
  const seconds = (started.startedInMs / 1000).toFixed(1);
  return [
    "",
    `  ${style.good("●")} ${style.bold("TAPI is running")} ${style.dim(`(started in ${seconds} s, Ctrl-C stops everything)`)}`,
    "",
    ...rows.map(([label, text]) => `  ${style.dim(label.padEnd(10))} ${text}`),
    "",
  ].join("\n");
}

/** A fault that hits every refresh must not bury the screen: the logs have each of them. */
const silenceMs = 30_000;

/** Says a function's error, and the same one again only after a while, with how often it came meanwhile. */
export function tellErrors(say: (line: string) => void): (functionName: string, message: string) => void {
  const told = new Map<string, { at: number; hidden: number }>();
  return (functionName, message) => {
    const line = `${functionName}: ${message.split("\n")[0]?.slice(0, 300)}`;
    const last = told.get(line);
    if (last && performance.now() - last.at < silenceMs) {
      last.hidden++;
      return;
    }
    told.set(line, { at: performance.now(), hidden: 0 });
    say(last?.hidden ? `${line} (and ${last.hidden} times before)` : line);
  };
}
