import { QueryErrorResetBoundary } from "@tanstack/react-query";
import { CloudOff, SearchX, TriangleAlert } from "lucide-react";
import { Component, type ReactNode, Suspense } from "react";
import { ApiError } from "../api/envelope.ts";
import { Button } from "./button.tsx";
import { Message } from "./message.tsx";
import { SkeletonRows } from "./skeleton.tsx";

interface BoundaryProps {
  children: ReactNode;
  fallback?: ReactNode;
}

/** Where a part of a page waits and fails by itself, so that the rest of the page stays. */
export function Boundary({ children, fallback = <SkeletonRows /> }: BoundaryProps) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Catch onRetry={reset}>
          <Suspense fallback={fallback}>{children}</Suspense>
        </Catch>
      )}
    </QueryErrorResetBoundary>
  );
}

class Catch extends Component<{ children: ReactNode; onRetry: () => void }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    const retry = () => {
      this.props.onRetry();
      this.setState({ error: undefined });
    };
    return <Failed error={this.state.error} onRetry={retry} />;
  }
}

/** There is no such thing, or not for this user. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || error.status === 403);

/** A failure in words, with what to do next and the request id that support can look up. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const retry = onRetry ? <Button onClick={onRetry}>Try again</Button> : null;
  if (!(error instanceof ApiError)) {
    return (
      <Message icon={TriangleAlert} tone="failed" title="This part of the page broke" actions={retry}>
        It is our mistake, not yours. Loading the page again usually helps.
      </Message>
    );
  }
  if (isMissing(error)) {
    return (
      <Message icon={SearchX} title="Not found">
        It does not exist, or none of your characters can see it.
      </Message>
    );
  }
  if (error.status === 0 || error.status === 503) {
    return (
      <Message icon={CloudOff} tone="failed" title="The server cannot be reached" actions={retry}>
        What you saw before is safe. Check your connection, then try again.
        <RequestId error={error} />
      </Message>
    );
  }
  return (
    <Message icon={TriangleAlert} tone="failed" title="This did not load" actions={retry}>
      {error.message}
      <RequestId error={error} />
    </Message>
  );
}

function RequestId({ error }: { error: ApiError }) {
  if (!error.requestId) return null;
  return (
    <div className="mt-2 text-faint text-xs">
      Request <code className="select-all font-mono text-muted">{error.requestId}</code>
    </div>
  );
}
