import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { QueueState } from "../api/contract.ts";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { queuesQuery } from "./query.ts";

export function QueueTable() {
  const { data: queues } = useSuspenseQuery(queuesQuery);
  const most = Math.max(1, ...queues.map((queue) => queue.waiting + queue.inFlight));
  return (
    <Panel title="Queues" note="Asked again every 10 seconds">
      <div className="scroll-quiet overflow-x-auto">
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-line border-b text-2xs text-faint">
              <th scope="col" className="px-3.5 py-2 text-left font-normal">
                Queue
              </th>
              <th scope="col" className="px-3 py-2 text-right font-normal">
                Waiting
              </th>
              <th scope="col" className="px-3 py-2 text-right font-normal">
                In flight
              </th>
              <th scope="col" className="w-1/3 px-3 py-2 text-left font-normal max-sm:hidden">
                Depth
              </th>
              <th scope="col" className="px-3.5 py-2 text-right font-normal">
                Dead
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow key={queue.queue} queue={queue} most={most} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function QueueRow({ queue, most }: { queue: QueueState; most: number }) {
  const { waiting, inFlight, deadLetters } = queue;
  return (
    <tr className="border-line/60 border-b last:border-0" data-testid={`queue-${queue.queue}`}>
      <th scope="row" className="px-3.5 py-2 text-left font-medium text-ink">
        {queue.queue}
      </th>
      <td className="nums px-3 text-right">{formatNumber(waiting)}</td>
      <td className="nums px-3 text-right">{formatNumber(inFlight)}</td>
      <td className="px-3 max-sm:hidden">
        <div className="flex h-1.5 overflow-hidden rounded-full bg-raised">
          <div className="bg-accent" style={{ width: `${(inFlight / most) * 100}%` }} />
          <div className="bg-muted" style={{ width: `${(waiting / most) * 100}%` }} />
        </div>
      </td>
      <td className="nums px-3.5 text-right">
        {deadLetters > 0 ? (
          <Link to="/admin" search={{ queue: queue.queue }} className="text-failed hover:underline">
            {formatNumber(deadLetters)}
          </Link>
        ) : (
          <span className="text-faint">0</span>
        )}
      </td>
    </tr>
  );
}
