import { Link } from "@tanstack/react-router";
import { ChevronRight, RotateCcw } from "lucide-react";
import { useState } from "react";
import type { DeadLetter } from "../api/contract.ts";
import { datasetLink } from "../catalogue/links.ts";
import { Age } from "../ui/age.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatCount, formatDateTime, humanise } from "../ui/format.ts";
import { DiscardDialog } from "./discard-dialog.tsx";

interface LetterItemProps {
  letter: DeadLetter;
  onRedrive: () => Promise<unknown>;
  onDiscard: (reason: string) => Promise<unknown>;
}

export function LetterItem({ letter, onRedrive, onDiscard }: LetterItemProps) {
  const [open, setOpen] = useState(false);
  const [sending, setSending] = useState(false);
  const { attempts, reason, owner, datasets } = letter;
  const send = () => {
    setSending(true);
    // The page has reported the failure; the letter stays.
    void onRedrive()
      .catch(() => undefined)
      .finally(() => setSending(false));
  };
  return (
    <li className="border-line/60 border-b px-3.5 py-3 last:border-0" data-testid="dead-letter">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 grow basis-80">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge>{letter.queue}</Badge>
            <span className="font-medium text-ink">
              {letter.ownerName ??
                (owner ? `${owner.kind === "corporation" ? "Corporation" : "Character"} ${owner.id}` : "No owner")}
            </span>
            {datasets.map((dataset) =>
              owner ? (
                <Link key={dataset} {...datasetLink(owner, dataset)} className="hover:text-accent">
                  {humanise(dataset.replaceAll("-", " "))}
                </Link>
              ) : (
                <span key={dataset}>{dataset}</span>
              ),
            )}
            {letter.type ? <span>{letter.type}</span> : null}
          </div>
          <p className="mt-1 text-pretty text-failed">{reason.message}</p>
          <p className="nums mt-0.5 text-faint text-xs">
            <code>{reason.code}</code> · {formatCount(attempts.length, "attempt")} · sent <Age at={letter.sentAt} />
          </p>
        </div>
        <div className="flex items-center gap-1.5">
          <Button look="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronRight className={cx("transition-transform", open && "rotate-90")} />
            Details
          </Button>
          <Button size="small" disabled={sending} onClick={send}>
            <RotateCcw />
            Send back
          </Button>
          <DiscardDialog title="Discard this message" label="Discard" onDiscard={onDiscard} />
        </div>
      </div>
      {open ? <Details letter={letter} /> : null}
    </li>
  );
}

function Details({ letter }: { letter: DeadLetter }) {
  return (
    <div className="mt-3 grid gap-3 lg:grid-cols-2">
      <div className="min-w-0">
        <h3 className="font-medium text-faint text-xs">Attempts</h3>
        <ol className="mt-1.5 flex flex-col gap-1.5">
          {letter.attempts.map((attempt) => (
            <li key={`${attempt.messageId}-${attempt.number}`} className="rounded-md bg-raised/60 px-2.5 py-2 text-xs">
              <span className="nums text-faint">
                {attempt.number}. {formatDateTime(attempt.at)} <code>{attempt.code}</code>
              </span>
              <p className="wrap-anywhere text-soft">{attempt.message}</p>
              {attempt.requestId ? (
                <p className="text-faint">
                  Request <code className="select-all">{attempt.requestId}</code>
                </p>
              ) : null}
            </li>
          ))}
          {letter.attempts.length === 0 ? <li className="text-faint text-xs">None left a trace.</li> : null}
        </ol>
      </div>
      <div className="min-w-0">
        <h3 className="font-medium text-faint text-xs">
          Message <code className="select-all">{letter.messageId}</code>
        </h3>
        <pre className="wrap-anywhere mt-1.5 whitespace-pre-wrap rounded-md bg-void/60 p-2.5 font-mono text-muted text-xs">
          {letter.body}
        </pre>
      </div>
    </div>
  );
}
