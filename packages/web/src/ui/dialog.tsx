import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { useReturnFocus } from "./return-focus.ts";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** `side` slides in from the right and keeps the page in sight. */
  placement?: "centre" | "side";
  children: ReactNode;
}

const controls = ":is(input, textarea, select, button, a[href]):not([disabled])";

/**
 * What the dialog is for comes first, not the button that closes it, which Escape does anyway; afterwards the keyboard is
 * where it was. Radix leads back to a trigger, and these dialogs have none.
 */
function useFocus() {
  const focus = useReturnFocus();
  return {
    onOpenAutoFocus: (event: Event) => {
      focus.remember();
      const first = (event.target as HTMLElement).querySelector<HTMLElement>(`[data-body] ${controls}`);
      if (!first) return;
      event.preventDefault();
      first.focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      focus.goBack();
    },
  };
}

export function Dialog({ open, onOpenChange, title, description, placement = "centre", children }: DialogProps) {
  const focus = useFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay
          className={cx("fixed inset-0 z-40", placement === "centre" ? "bg-void/70 backdrop-blur-[2px]" : "bg-void/30")}
        />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          {...focus}
          className={cx(
            "fixed z-50 flex flex-col bg-panel shadow-float outline-none",
            placement === "centre"
              ? "-translate-x-1/2 top-[12vh] left-1/2 max-h-[76vh] w-[min(30rem,calc(100vw-1.5rem))] animate-appear rounded-xl"
              : "inset-y-0 right-0 w-[min(27rem,100vw)] animate-slide",
          )}
        >
          <header className="flex items-start gap-3 border-line border-b py-3 pr-3 pl-4">
            <div className="min-w-0 grow">
              <Radix.Title className="truncate text-sm">{title}</Radix.Title>
              {description ? <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description> : null}
            </div>
            <Radix.Close asChild>
              <Button look="quiet" size="small-icon" aria-label="Close">
                <X />
              </Button>
            </Radix.Close>
          </header>
          <div data-body className="scroll-quiet min-h-0 grow overflow-y-auto p-4">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
