import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Failed } from "../ui/boundary.tsx";

/** A page that could not even begin. Trying again runs its route anew, not only its drawing. */
export function RouteFailed({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="py-20">
      <Failed error={error} onRetry={() => void router.invalidate()} />
    </div>
  );
}
