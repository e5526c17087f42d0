/** Rows as text columns under a heading; the last column takes what room it needs. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
  return [line(headings.map((heading) => heading.toUpperCase())), ...rows.map(line)].join("\n");
}

const units: [string, number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

/** A span of time in the one unit that says enough: `3 d`, `5 h`, `12 min`, `40 s`. */
export function span(seconds: number): string {
  const [name, size] = units.find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${Math.floor(seconds / size)} ${name}`;
}
