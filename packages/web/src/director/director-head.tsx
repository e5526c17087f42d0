import type { Director } from "../api/contract.ts";
import { Age } from "../ui/age.tsx";
import { Badge } from "../ui/badge.tsx";
import { cx } from "../ui/cx.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { RemoveDirector } from "./remove-director.tsx";

interface DirectorHeadProps {
  corporationId: number;
  director: Director;
  /** A section of its own, not one of a panel's entries. */
  isHeading?: boolean;
  className?: string;
}

/** Who a director is, when last used, whether healthy, and the way to remove it. */
export function DirectorHead({ corporationId, director, isHeading = false, className }: DirectorHeadProps) {
  const { characterId, name, lastUsedAt, healthy } = director;
  const Name = isHeading ? "h3" : "div";
  return (
    <div className={cx("flex items-center gap-2.5", className)}>
      <EveImage kind="character" id={characterId} name={name} size={isHeading ? 40 : 32} />
      <div className="min-w-0 grow">
        <Name className={cx("truncate", !isHeading && "font-medium text-ink")}>{name}</Name>
        <p className="text-faint text-xs">
          {lastUsedAt ? (
            <>
              Last used <Age at={lastUsedAt} />
            </>
          ) : (
            "Not used yet"
          )}
        </p>
      </div>
      <Badge tone={healthy ? "fresh" : "failed"}>{healthy ? "Healthy" : "Unhealthy"}</Badge>
      <RemoveDirector corporationId={corporationId} director={director} />
    </div>
  );
}
