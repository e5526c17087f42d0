import { Link } from "@tanstack/react-router";
import { Ban, Check, HeartCrack, KeyRound, UserX } from "lucide-react";
import { Fragment } from "react";
import type { Director } from "../api/contract.ts";
import { corporationOwner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { humanise } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import type { Cell, CoverageRow } from "./coverage.ts";

interface AccessMatrixProps {
  corporationId: number;
  rows: CoverageRow[];
  directors: Director[];
}

const marks: Record<Cell, { icon: typeof Check; words: string; look: string }> = {
  able: { icon: Check, words: "Can fetch it", look: "text-fresh" },
  refused: { icon: Ban, words: "Was just refused", look: "text-stale" },
  unhealthy: { icon: HeartCrack, words: "Would be allowed, but keeps failing", look: "text-failed" },
  scope: { icon: KeyRound, words: "Did not grant the scope", look: "text-stale" },
  role: { icon: UserX, words: "Lacks the in-game role", look: "text-stale" },
  "scope and role": { icon: UserX, words: "Lacks the scope and the in-game role", look: "text-stale" },
};

/** For each dataset, which director can fetch it and what the others lack. */
export function AccessMatrix({ corporationId, rows, directors }: AccessMatrixProps) {
  return (
    <Panel
      title="Who can fetch what"
      note={
        <span className="flex flex-wrap gap-x-3 max-sm:hidden">
          {(["able", "role", "scope", "refused", "unhealthy"] as const).map((cell) => (
            <span key={cell} className="inline-flex items-center gap-1">
              <Mark cell={cell} /> {marks[cell].words.toLowerCase()}
            </span>
          ))}
        </span>
      }
    >
      <div className="scroll-quiet overflow-x-auto">
        <table className="w-full border-collapse text-left">
          <thead>
            <tr className="border-line border-b">
              <th
                scope="col"
                className="sticky left-0 min-w-44 bg-surface py-2 pr-3 pl-3.5 font-normal text-2xs text-faint"
              >
                Dataset
              </th>
              {directors.map(({ characterId, name }) => (
                <th key={characterId} scope="col" className="min-w-28 px-2 py-2 font-normal text-xs">
                  <span className="flex items-center gap-1.5">
                    <EveImage kind="character" id={characterId} name={name} size={20} />
                    <span className="max-w-32 truncate">{name}</span>
                  </span>
                </th>
              ))}
              <th scope="col" className="px-3.5 py-2 text-right font-normal text-2xs text-faint">
                Able
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Fragment key={row.roles.join(" ")}>
                <tr className="border-line border-b bg-raised/40">
                  <th
                    scope="rowgroup"
                    colSpan={directors.length + 2}
                    className="px-3.5 py-1.5 font-medium text-soft text-xs"
                  >
                    {row.roles.length > 0 ? row.roles.map(humanise).join(" or ") : "No particular role"}
                  </th>
                </tr>
                {row.datasets.map(({ name, title, cells, able }) => (
                  <tr key={name} className="border-line/60 border-b last:border-0 hover:bg-hover/40">
                    <th scope="row" className="sticky left-0 bg-surface py-1.5 pr-3 pl-3.5 font-normal">
                      <Link
                        {...datasetLink(corporationOwner(corporationId), name)}
                        className="text-ink hover:text-accent"
                      >
                        {title}
                      </Link>
                    </th>
                    {cells.map(({ characterId, cell }) => (
                      <td key={characterId} className="px-2 py-1.5">
                        <Mark cell={cell} />
                      </td>
                    ))}
                    <td
                      className={`nums px-3.5 py-1.5 text-right text-xs ${able === 0 ? "text-failed" : "text-muted"}`}
                    >
                      {able === 0 ? "nobody" : able}
                    </td>
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Mark({ cell }: { cell: Cell }) {
  const { icon: Icon, words, look } = marks[cell];
  return (
    <span title={words} className={look}>
      <Icon className="inline size-3.5" aria-label={words} />
    </span>
  );
}
