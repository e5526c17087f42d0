import { AlertDialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { useReturnFocus } from "./return-focus.ts";

interface ConfirmProps {
  trigger: ReactNode;
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that cannot be undone. Stays open while it runs, and closes when it succeeded. */
export function Confirm({ trigger, title, children, action, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [running, setRunning] = useState(false);
  const focus = useReturnFocus();
  const confirm = async () => {
    setRunning(true);
    await onConfirm()
      .then(() => setOpen(false))
      .catch(() => undefined)
      .finally(() => setRunning(false));
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-void/70 backdrop-blur-[2px]" />
        <AlertDialog.Content
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.goBackIfLost}
          className="-translate-x-1/2 fixed top-[20vh] left-1/2 z-50 w-[min(26rem,calc(100vw-1.5rem))] animate-appear rounded-xl bg-panel p-5 shadow-float"
        >
          <AlertDialog.Title className="text-sm">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-1.5 text-muted">{children}</div>
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="danger" disabled={running} onClick={confirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
