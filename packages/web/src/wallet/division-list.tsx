import type { WalletSummary } from "../api/contract.ts";
import { walletLabel } from "../dataset/value-label.ts";
import { cx } from "../ui/cx.ts";
import { formatCompact, formatIsk } from "../ui/format.ts";
import { colourOf } from "./series.ts";

interface DivisionListProps {
  divisions: WalletSummary["divisions"];
  chosen: number | undefined;
  onChoose: (division: number | undefined) => void;
}

export const divisionLabel = (one: { division: number; name?: string | undefined }) =>
  one.name || walletLabel(one.division);

/** The balance of each division; choosing one narrows charts and entries to it. */
export function DivisionList({ divisions, chosen, onChoose }: DivisionListProps) {
  const total = divisions.reduce((sum, one) => sum + one.balance, 0);
  if (divisions.length === 0) {
    return <p className="px-3.5 py-3 text-muted">The balances appear here after the first import.</p>;
  }
  return (
    <ul className="p-1.5">
      <li>
        <button
          type="button"
          aria-pressed={chosen === undefined}
          onClick={() => onChoose(undefined)}
          className={row(chosen === undefined)}
        >
          <span className="min-w-0 grow truncate font-medium">All divisions</span>
          <span className="text-right">
            <span data-testid="stat-isk-total" data-value={total} className="nums block font-semibold text-ink">
              {formatIsk(total)}
            </span>
            <span className="nums block text-faint text-xs">{formatCompact(total)} ISK</span>
          </span>
        </button>
      </li>
      {divisions.map((one) => (
        <li key={one.division}>
          <button
            type="button"
            aria-pressed={chosen === one.division}
            onClick={() => onChoose(chosen === one.division ? undefined : one.division)}
            className={row(chosen === one.division)}
          >
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colourOf(one.division) }} />
            <span className="min-w-0 grow truncate">{divisionLabel(one)}</span>
            <span data-testid={`stat-isk-${one.division}`} data-value={one.balance} className="nums text-ink">
              {formatIsk(one.balance)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const row = (chosen: boolean) =>
  cx(
    "flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-soft hover:bg-hover",
    chosen && "bg-accent-dim/50 text-ink",
  );
