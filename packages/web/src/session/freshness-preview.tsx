import { Dot, type Tone } from "../ui/badge.tsx";

const rows: { title: string; tone: Tone; age: string; next: string; rows: string; busy?: boolean }[] = [
  { title: "Members", tone: "fresh", age: "2 min ago", next: "in 58 min", rows: "3,000" },
  { title: "Wallet balances", tone: "fresh", age: "41 s ago", next: "in 4 min", rows: "7" },
  { title: "Wallet journal", tone: "fresh", age: "12 min ago", next: "in 48 min", rows: "214,806" },
  { title: "Assets", tone: "accent", age: "1 h ago", next: "page 63 of 100", rows: "100,000", busy: true },
  { title: "Member tracking", tone: "stale", age: "1 h 4 min ago", next: "due", rows: "3,000" },
];

/** What the freshness board looks like, with made-up figures. */
export function FreshnessPreview() {
  return (
    <figure className="w-full min-w-0 rounded-xl border border-line bg-surface/85 shadow-float backdrop-blur">
      <figcaption className="flex items-center justify-between border-line border-b px-4 py-2.5">
        <span className="font-medium text-ink">Freshness</span>
        <span className="text-faint text-xs">Example</span>
      </figcaption>
      <table className="nums w-full text-left">
        <tbody>
          {rows.map((row) => (
            <tr key={row.title} className="border-line/60 border-b last:border-0">
              <th scope="row" className="flex items-center gap-2.5 py-2.5 pl-4 font-medium text-ink">
                <Dot tone={row.tone} pulse={row.busy ?? false} />
                {row.title}
              </th>
              <td className="px-2 text-muted">{row.age}</td>
              <td className={row.busy ? "px-2 text-accent" : "px-2 text-muted"}>{row.next}</td>
              <td className="py-2.5 pr-4 text-right max-sm:hidden">{row.rows}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
