import type { ErrorComponentProps } from "@tanstack/react-router";
import { Failed } from "../ui/boundary.tsx";

/**
 * A page that could not even begin: the server was away, or a release replaced the code that this page was about to
 * load. Only loading everything again mends both.
 */
export function RouteFailed({ error }: ErrorComponentProps) {
  return (
    <div className="py-20">
      <Failed error={error} onRetry={() => location.reload()} />
    </div>
  );
}
