interface FreshnessMeterProps {
  fresh: number;
  due: number;
  stale: number;
  blocked: number;
  total: number;
}

/** How many of a corporation's datasets are fresh, due, stale, blocked or queued. */
export function FreshnessMeter({ fresh, due, stale, blocked, total }: FreshnessMeterProps) {
  const waiting = Math.max(0, total - fresh - due - stale - blocked);
  const parts = [
    { name: "fresh", count: fresh, colour: "bg-fresh" },
    { name: "due", count: due, colour: "bg-fresh/45" },
    { name: "stale", count: stale, colour: "bg-stale" },
    { name: "blocked", count: blocked, colour: "bg-failed" },
    { name: "waiting", count: waiting, colour: "bg-line-strong" },
  ].filter((part) => part.count > 0);
  return (
    <div>
      <div aria-hidden className="flex h-1.5 gap-0.5 overflow-hidden rounded-full">
        {parts.map((part) => (
          <div key={part.name} className={part.colour} style={{ flexGrow: part.count }} />
        ))}
      </div>
      <p className="nums mt-2 flex flex-wrap gap-x-3 text-muted text-xs">
        {parts.map((part) => (
          <span key={part.name} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={`size-1.5 rounded-full ${part.colour}`} />
            {part.count} {part.name}
          </span>
        ))}
      </p>
    </div>
  );
}
