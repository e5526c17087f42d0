import { connection, useSocketState } from "../api/connection.ts";
import type { SocketState } from "../api/socket.ts";
import { Dot, type Tone } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Hint } from "../ui/hint.tsx";

const words: Record<SocketState, { tone: Tone; word: string; text: string }> = {
  open: { tone: "fresh", word: "Live", text: "Changes arrive by themselves." },
  connecting: { tone: "accent", word: "Connecting", text: "The live connection is being made." },
  waiting: {
    tone: "stale",
    word: "Reconnecting",
    text: "The live connection is away; it is tried again. Click to try now.",
  },
  idle: { tone: "neutral", word: "Offline", text: "There is no live connection. Click to connect." },
  "signed-out": { tone: "failed", word: "Signed out", text: "Your session has ended. Log in again." },
};

export function SocketBadge() {
  const state = useSocketState();
  const { tone, word, text } = words[state];
  return (
    <Hint text={text} side="bottom">
      <Button
        look="quiet"
        size="small"
        data-testid="socket-state"
        data-state={state}
        aria-label={`Live connection: ${word}`}
        onClick={() => connection.start()}
        className="px-2 text-muted"
      >
        <Dot tone={tone} pulse={state === "connecting" || state === "waiting"} />
        <span className="max-sm:sr-only">{word}</span>
      </Button>
    </Hint>
  );
}
