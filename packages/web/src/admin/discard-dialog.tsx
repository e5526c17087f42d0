import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** The API asks for as much of a reason. */
const SHORTEST_REASON = 3;

interface DiscardDialogProps {
  title: string;
  label: string;
  onDiscard: (reason: string) => Promise<unknown>;
}

/** Asks for the reason, which stays in the audit log together with the message. */
export function DiscardDialog({ title, label, onDiscard }: DiscardDialogProps) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [running, setRunning] = useState(false);
  const valid = reason.trim().length >= SHORTEST_REASON;
  const submit = async () => {
    setRunning(true);
    await onDiscard(reason.trim())
      .then(() => setOpen(false))
      // The page has reported the failure; the typed reason stays.
      .catch(() => undefined)
      .finally(() => setRunning(false));
  };
  return (
    <>
      <Button look="danger" size="small" onClick={() => setOpen(true)}>
        <Trash2 />
        {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        description="It is not tried again. Message and reason stay in the audit log."
      >
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (valid && !running) void submit();
          }}
        >
          <label className="text-muted text-xs">
            Why
            <textarea
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              maxLength={500}
              rows={3}
              placeholder="The corporation was removed"
              className="mt-1 block w-full rounded-md border border-line bg-void/60 px-2.5 py-2 text-ink text-sm outline-none focus:border-accent/70"
            />
          </label>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" look="danger" disabled={!valid || running}>
              Discard
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
