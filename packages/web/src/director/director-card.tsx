import { CircleCheck, TriangleAlert } from "lucide-react";
import type { Director } from "../api/contract.ts";
import { Age } from "../ui/age.tsx";
import { Badge, Dot } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { BucketList } from "./bucket-list.tsx";
import { adviceFor, incidentText } from "./coverage.ts";
import { DirectorHead } from "./director-head.tsx";
import { PreferDirector } from "./prefer-director.tsx";
import { rolesOf } from "./roles.ts";

interface DirectorCardProps {
  corporationId: number;
  director: Director;
  /** No other director is linked. */
  isAlone: boolean;
  /** Where the browser goes to log in with the character again; absent: it is another user's. */
  login: string | undefined;
}

export function DirectorCard({ corporationId, director, isAlone, login }: DirectorCardProps) {
  const { lastError } = director;
  return (
    <li
      className="flex flex-col rounded-lg border border-line bg-surface"
      data-testid={`director-${director.characterId}`}
    >
      <DirectorHead
        corporationId={corporationId}
        director={director}
        isHeading
        className="border-line/60 border-b px-3.5 py-3"
      />
      <div className="flex flex-col gap-3 px-3.5 py-3">
        <ul className="flex flex-col gap-1.5">
          {adviceFor(director).map((advice) => {
            const Icon = advice.tone === "fresh" ? CircleCheck : TriangleAlert;
            return (
              <li key={advice.text} className="flex items-start gap-2">
                <Icon className={cx("mt-0.5 size-4 shrink-0", tones[advice.tone])} aria-hidden />
                <span className="min-w-0 grow text-pretty">{advice.text}</span>
                {advice.login && login ? (
                  <Button asChild size="small">
                    <a href={login} aria-label={`Log in with ${director.name}`}>
                      Log in
                    </a>
                  </Button>
                ) : null}
                {advice.login && !login ? (
                  <span className="text-muted text-xs">Ask {director.name} to log in here.</span>
                ) : null}
              </li>
            );
          })}
        </ul>
        {lastError ? (
          <p className="rounded-md bg-raised/60 px-2.5 py-2 text-xs">
            <span className={director.healthy ? "text-muted" : "text-failed"}>{lastError.message}</span>{" "}
            <span className="nums text-faint">
              <code>{lastError.code}</code> · <Age at={lastError.at} />
              {director.consecutiveFailures > 0 ? ` · ${director.consecutiveFailures} in a row` : ""}
            </span>
          </p>
        ) : null}
        {isAlone ? null : <PreferDirector corporationId={corporationId} director={director} />}
        <Incidents incidents={director.incidents} />
        <Listed title="Roles held" values={rolesOf(director)} />
        <Listed title="Scopes missing" values={director.missingScopes} tone="stale" />
        <div>
          <h4 className="font-medium text-faint text-xs">Budget left</h4>
          {director.buckets.length > 0 ? (
            <BucketList buckets={director.buckets} className="mt-1.5 sm:grid-cols-3" />
          ) : (
            <p className="mt-1 text-faint text-xs">This token has not been used in the last 15 minutes.</p>
          )}
        </div>
      </div>
    </li>
  );
}

const SHOWN_INCIDENTS = 5;

/** What was refused to the director, newest first. */
function Incidents({ incidents }: Pick<Director, "incidents">) {
  if (incidents.length === 0) return null;
  return (
    <div>
      <h4 className="font-medium text-faint text-xs">History</h4>
      <ol className="mt-1.5 flex flex-col gap-1 text-xs">
        {incidents.slice(0, SHOWN_INCIDENTS).map((incident) => (
          <li key={incident.dataset} className="flex items-baseline gap-2">
            <Dot tone={incident.healedAt ? "fresh" : "stale"} />
            <span className="min-w-0 grow">{incidentText(incident)}</span>
            <span className="nums shrink-0 text-faint">
              <Age at={incident.healedAt ?? incident.at} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const tones = { failed: "text-failed", stale: "text-stale", fresh: "text-fresh" };

const MOST_LISTED = 8;

function Listed({ title, values, tone = "neutral" }: { title: string; values: string[]; tone?: "neutral" | "stale" }) {
  if (values.length === 0) return null;
  return (
    <div>
      <h4 className="font-medium text-faint text-xs">{title}</h4>
      <div className="mt-1.5 flex flex-wrap gap-1">
        {values.slice(0, MOST_LISTED).map((value) => (
          <Badge key={value} tone={tone}>
            {value}
          </Badge>
        ))}
        {values.length > MOST_LISTED ? (
          <span className="self-center text-faint text-xs" title={values.slice(MOST_LISTED).join(", ")}>
            and {values.length - MOST_LISTED} more
          </span>
        ) : null}
      </div>
    </div>
  );
}
