import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import type { Director } from "../api/contract.ts";
import { loginUrl } from "../session/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatCount, humanise } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";
import { Panel } from "../ui/panel.tsx";
import { BucketList } from "./bucket-list.tsx";
import { DirectorHead } from "./director-head.tsx";
import { NoDirectors } from "./no-directors.tsx";
import { directorsQuery } from "./query.ts";
import { rolesOf } from "./roles.ts";

/** Who fetches for this corporation, what each may fetch, and how much of EVE's budget each has left. */
export function DirectorsPanel({ corporationId }: { corporationId: number }) {
  const { data: directors } = useSuspenseQuery(directorsQuery(corporationId));
  const add = loginUrl("corporation", `/corporations/${corporationId}`);
  return (
    <Panel
      title="Directors"
      note={
        directors.length > 0 ? `${directors.filter((one) => one.healthy).length} of ${directors.length} healthy` : null
      }
      actions={
        <>
          <Button asChild look="quiet" size="small">
            <Link to="/corporations/$corporationId/directors" params={{ corporationId }}>
              Board
            </Link>
          </Button>
          <Button asChild look="quiet" size="small">
            <a href={add}>
              <UserPlus />
              Add
            </a>
          </Button>
        </>
      }
    >
      {directors.length === 0 ? (
        <NoDirectors login={add} />
      ) : (
        <ul>
          {directors.map((director) => (
            <DirectorItem key={director.characterId} corporationId={corporationId} director={director} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DirectorItem({ corporationId, director }: { corporationId: number; director: Director }) {
  return (
    <li className="border-line/60 border-b px-3.5 py-3 last:border-0">
      <DirectorHead corporationId={corporationId} director={director} />
      {director.lastError || director.remedy ? (
        <p className={cx("mt-2 text-xs", director.healthy ? "text-stale" : "text-failed")}>
          {director.lastError?.message}{" "}
          {director.remedy && director.remedy !== director.lastError?.message ? (
            <span className="text-soft">{director.remedy}</span>
          ) : null}
        </p>
      ) : null}
      <Missing director={director} />
      <BucketList buckets={director.buckets} lowest={4} />
    </li>
  );
}

function Missing({ director }: { director: Director }) {
  const { missingScopes, missingRolesFor } = director;
  const roles = rolesOf(director);
  const shown = roles[0] === "Director" ? 1 : 3;
  return (
    <div className="mt-2 flex flex-wrap gap-1.5">
      {roles.slice(0, shown).map((role) => (
        <Badge key={role}>{role}</Badge>
      ))}
      {roles.length > shown ? (
        <Hint text={roles.slice(shown).join(", ")}>
          <Badge>+{formatCount(roles.length - shown, "role")}</Badge>
        </Hint>
      ) : null}
      {missingScopes.length > 0 ? (
        <Hint text={missingScopes.join(", ")}>
          <Badge tone="stale">{formatCount(missingScopes.length, "scope")} missing</Badge>
        </Hint>
      ) : null}
      {missingRolesFor.length > 0 ? (
        <Hint
          text={`No in-game role for: ${missingRolesFor.map((name) => humanise(name.replaceAll("-", " "))).join(", ")}`}
        >
          <Badge tone="stale">Roles missing for {missingRolesFor.length}</Badge>
        </Hint>
      ) : null}
    </div>
  );
}
