import { useInfiniteQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListFilter, MailCheck, RotateCcw } from "lucide-react";
import type { LettersMeta } from "../api/contract.ts";
import { Age } from "../ui/age.tsx";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { formatCount, formatNumber } from "../ui/format.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Message } from "../ui/message.tsx";
import { notify, notifyError } from "../ui/notify.ts";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { LetterItem } from "./letter-item.tsx";
import { discard, lettersQuery, queuesQuery, redrive } from "./query.ts";

/** Messages that failed as often as their queue allows: why, how often, and what to do with them. */
export function DeadLetters() {
  const { queue } = useSearch({ from: "/admin" });
  const navigate = useNavigate({ from: "/admin" });
  const { data: queues } = useSuspenseQuery(queuesQuery);
  const letters = useInfiniteQuery(lettersQuery(queue));
  const act = useAct();
  const chosen = queues.find((one) => one.queue === queue);
  const rows = letters.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel
      title="Dead letters"
      note={letters.data ? <Total meta={letters.data.pages[0]?.meta} queue={queue} /> : null}
      actions={
        <>
          <Menu
            align="end"
            trigger={
              <Button look="quiet" size="small">
                <ListFilter />
                {queue ?? "All queues"}
              </Button>
            }
          >
            <MenuItem onSelect={() => void navigate({ search: {} })}>All queues</MenuItem>
            {queues.map((one) => (
              <MenuItem key={one.queue} onSelect={() => void navigate({ search: { queue: one.queue } })}>
                <span className="grow">{one.queue}</span>
                <span className="nums text-faint">{one.deadLetters}</span>
              </MenuItem>
            ))}
          </Menu>
          {chosen && chosen.deadLetters > 0 ? (
            <>
              <Confirm
                trigger={
                  <Button size="small">
                    <RotateCcw />
                    Send all back
                  </Button>
                }
                title={`Send ${formatCount(chosen.deadLetters, "dead letter")} of ${chosen.queue} back?`}
                action="Send back"
                onConfirm={() => act(() => redrive({ queue: chosen.queue, all: true }), `${chosen.queue} is sent back`)}
              >
                Each is tried again. What is out of date by now does nothing.
              </Confirm>
              <DiscardDialog
                title={`Discard ${formatCount(chosen.deadLetters, "dead letter")} of ${chosen.queue}`}
                label="Discard all"
                onDiscard={(reason) =>
                  act(() => discard({ queue: chosen.queue, all: true, reason }), `${chosen.queue} is emptied`)
                }
              />
            </>
          ) : null}
        </>
      }
    >
      {letters.isPending ? <SkeletonRows /> : null}
      {letters.isError ? <Failed error={letters.error} onRetry={() => void letters.refetch()} /> : null}
      {letters.isSuccess && rows.length === 0 ? (
        <Message icon={MailCheck} title="No dead letters">
          Every message was processed. What fails as often as its queue allows ends up here, with its reason.
        </Message>
      ) : null}
      <ul>
        {rows.map((letter) => (
          <LetterItem
            key={letter.messageId}
            letter={letter}
            onRedrive={() =>
              act(() => redrive({ queue: letter.queue, messageId: letter.messageId }), "Sent back to be tried again")
            }
            onDiscard={(reason) =>
              act(() => discard({ queue: letter.queue, messageId: letter.messageId, reason }), "Discarded")
            }
          />
        ))}
      </ul>
      {letters.hasNextPage ? (
        <div className="p-2">
          <Button className="w-full" disabled={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function Total({ meta, queue }: { meta: LettersMeta | undefined; queue: string | undefined }) {
  return (
    <span data-testid="dead-letters-total">
      {formatNumber(meta?.total ?? 0)} in {queue ?? "all queues"}
      {meta?.oldestSentAt ? (
        <>
          , the oldest sent <Age at={meta.oldestSentAt} />
        </>
      ) : null}
    </span>
  );
}

/** Acts on dead letters, reports the result, and reads everything about them again. */
function useAct() {
  const queries = useQueryClient();
  return async (action: () => Promise<unknown>, said: string) => {
    try {
      await action();
      notify(said);
    } catch (error) {
      notifyError("Nothing was done", { description: (error as Error).message });
      throw error;
    } finally {
      void queries.invalidateQueries({ queryKey: ["admin"] });
    }
  };
}
