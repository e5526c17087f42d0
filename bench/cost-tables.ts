import { readFile, writeFile } from "node:fs/promises";
import { Tier } from "@tapi/core/owner";
import { cheapestHour } from "./cost-floor.ts";
import type { IdleTick, Kind, Refreshes, Units } from "./cost-measure.ts";
import { idleParts, type Measured, parts, sum } from "./cost-prices.ts";

/** What docs/cost.json keeps: measured units, from which the tables are computed anew at any prices. */
export interface Book {
  idleTick: IdleTick;
  tiers: Partial<Record<Tier, Measured & { corporations: number; hours: number }>>;
  /** Refreshes of all tiers together, by dataset. */
  datasets: Record<string, Record<Kind, Refreshes>>;
}

const page = new URL("../docs/cost.md", import.meta.url);
const file = new URL("../docs/cost.json", import.meta.url);

export const readBook = async (): Promise<Partial<Book>> =>
  JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Partial<Book>;

/** Six digits are more than is measured. */
const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value);

export const writeBook = (book: Book): Promise<void> => writeFile(file, `${JSON.stringify(book, rounded, 2)}\n`);

const dollars = (value: number, digits = 3) => `$${value.toFixed(digits)}`;

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function idleTable(book: Book): string {
  const each = idleParts(book.idleTick);
  const rows = Object.entries(each).map(([name, value]) => [name, dollars(value, 2)]);
  return table(["idle, a month", "cost"], [...rows, ["**total** (goal <= $7.50)", `**${dollars(sum(each), 2)}**`]]);
}

type Tiers = [Tier, NonNullable<Book["tiers"][Tier]>][];

function corporationTable(tiers: Tiers): string {
  const costs = tiers.map(([tier, measured]) => parts(tier, measured));
  const names = Object.keys(costs[0] ?? {}) as (keyof ReturnType<typeof parts>)[];
  return table(
    ["one corporation, a month", ...tiers.map(([tier]) => tier)],
    [
      ...names.map((name) => [name, ...costs.map((cost) => dollars(cost[name], 4))]),
      ["**total**", ...costs.map((cost) => `**${dollars(sum(cost))}**`)],
    ],
  );
}

function unitTable(tiers: Tiers): string {
  const names = Object.keys(tiers[0]?.[1].hour ?? {}) as (keyof Units)[];
  return table(
    ["one corporation, an hour (measured)", ...tiers.map(([tier]) => tier)],
    [
      ...names.map((name) => [name, ...tiers.map(([, { hour }]) => hour[name].toFixed(2))]),
      ["stored bytes to begin with", ...tiers.map(([, { storedBytes }]) => storedBytes.toFixed(0))],
      ["corporations x hours", ...tiers.map(([, { corporations, hours }]) => `${corporations} x ${hours}`)],
    ],
  );
}

function totalTable(tiers: Tiers, book: Book): string {
  const idle = sum(idleParts(book.idleTick));
  const rows = [1, 10, 100, 1000].map((count) => [
    String(count),
    ...tiers.map(([tier, measured]) => dollars(idle + count * sum(parts(tier, measured)), 2)),
  ]);
  return table(["corporations", ...tiers.map(([tier]) => tier)], rows);
}

const perRefresh = ({ count, readUnits, writeUnits, lambdaMs }: Refreshes) =>
  count === 0
    ? "-"
    : `${(readUnits / count).toFixed(1)} / ${(writeUnits / count).toFixed(1)} / ${(lambdaMs / count).toFixed(0)}`;

const goals: Partial<Record<Tier, string>> = { P0: "<= $0.15", P2: "<= $0.05" };

const kinds: Kind[] = ["first", "changed", "unchanged"];

function datasetTable({ datasets }: Book): string {
  const rows = Object.entries(datasets)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([dataset, known]) => [dataset, ...kinds.map((kind) => perRefresh(known[kind]))]);
  return table(["dataset", ...kinds], rows);
}

/** What the game's expiries and the tiers' promises leave to be paid, however well everything is done. */
function floorTable(tiers: readonly Tier[]): string {
  const hours = tiers.map((tier) => [tier, cheapestHour(tier)] as const);
  const cost = hours.map(([tier, hour]) => sum(parts(tier, { hour, storedBytes: 0 })));
  return table(
    ["the least that one corporation takes", ...tiers],
    [
      ["refreshes an hour", ...hours.map(([, { refreshes }]) => refreshes.toFixed(0))],
      ["a month", ...cost.map((value) => `$${value.toFixed(3)}`)],
      ["goal", ...tiers.map((tier) => goals[tier] ?? "")],
    ],
  );
}

function between(text: string, marker: string, content: string): string {
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const [before, rest = ""] = text.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`docs/cost.md has no place for ${marker}`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}

/** Writes the tables of docs/cost.md between their markers. */
export async function writeTables(book: Book): Promise<void> {
  const tiers = Tier.options.flatMap((tier): Tiers => {
    const measured = book.tiers[tier];
    return measured ? [[tier, measured]] : [];
  });
  const tables = {
    idle: idleTable(book),
    "per-corporation": corporationTable(tiers),
    units: unitTable(tiers),
    totals: totalTable(tiers, book),
    datasets: datasetTable(book),
    floor: floorTable(Tier.options),
  };
  let text = await readFile(page, "utf8");
  for (const [marker, content] of Object.entries(tables)) text = between(text, marker, content);
  await writeFile(page, text);
}
