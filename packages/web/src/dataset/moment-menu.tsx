import { History } from "lucide-react";
import { useState } from "react";
import { serverNow } from "../api/clock.ts";
import { Button } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";

const HOUR_MS = 3_600_000;

const presets = [
  { label: "An hour ago", ms: HOUR_MS },
  { label: "Yesterday", ms: 24 * HOUR_MS },
  { label: "A week ago", ms: 7 * 24 * HOUR_MS },
  { label: "A month ago", ms: 30 * 24 * HOUR_MS },
];

const moment = (ms: number) => `${new Date(ms).toISOString().slice(0, 16)}:00Z`;

interface MomentMenuProps {
  at: string | undefined;
  onChoose: (at: string) => void;
}

/** Chooses a moment in the past; times are EVE's, which are UTC. */
export function MomentMenu({ at, onChoose }: MomentMenuProps) {
  const [open, setOpen] = useState(false);
  const choose = (next: string) => {
    onChoose(next);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      className="w-64 p-2.5"
      trigger={
        <Button look="quiet" size="small" className={at ? "text-stale" : undefined}>
          <History />
          <span className="max-sm:sr-only">As of</span>
        </Button>
      }
    >
      <div className="grid grid-cols-2 gap-1.5">
        {presets.map(({ label, ms }) => (
          <Button key={label} size="small" onClick={() => choose(moment(serverNow() - ms))}>
            {label}
          </Button>
        ))}
      </div>
      <form
        className="mt-2.5 flex items-end gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          const value = new FormData(event.currentTarget).get("at");
          if (typeof value === "string" && value !== "") choose(`${value}:00Z`);
        }}
      >
        <label className="min-w-0 grow text-muted text-xs">
          Moment, EVE time
          <input
            name="at"
            type="datetime-local"
            defaultValue={at?.slice(0, 16)}
            max={moment(serverNow()).slice(0, 16)}
            className="nums mt-1 block h-8 w-full rounded-md border border-line bg-void/60 px-2 text-soft outline-none focus:border-accent/70"
          />
        </label>
        <Button type="submit">Show</Button>
      </form>
    </Popover>
  );
}
