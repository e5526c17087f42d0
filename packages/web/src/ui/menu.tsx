import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type ComponentProps, createContext, type ReactNode, type RefObject, useContext, useRef } from "react";
import { cx } from "./cx.ts";

interface MenuProps {
  trigger: ReactNode;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
}

/** What was chosen in the menu around, to be done once the menu is gone. */
const Chosen = createContext<RefObject<(() => void) | undefined>>({ current: undefined });

/**
 * A menu gives the focus back to its button when it has closed. What was chosen is done after that: a popover or dialog
 * that it opens keeps the focus that it takes, and would otherwise be closed by its leaving.
 */
export function Menu({ trigger, align = "start", className, children }: MenuProps) {
  const chosen = useRef<() => void>(undefined);
  const finish = () => {
    const act = chosen.current;
    chosen.current = undefined;
    if (act) queueMicrotask(act);
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={5}
          collisionPadding={8}
          onCloseAutoFocus={finish}
          className={cx(
            "scroll-quiet z-50 max-h-[min(26rem,var(--radix-dropdown-menu-content-available-height))] min-w-44 animate-appear overflow-y-auto rounded-lg bg-panel p-1 shadow-float",
            className,
          )}
        >
          <Chosen value={chosen}>{children}</Chosen>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const item =
  "flex w-full cursor-default select-none items-center gap-2 rounded-[5px] px-2 py-1.5 text-soft outline-none data-disabled:opacity-45 data-highlighted:bg-hover data-highlighted:text-ink [&_svg]:size-3.5 [&_svg]:text-muted";

interface MenuItemProps extends Omit<ComponentProps<typeof DropdownMenu.Item>, "onSelect"> {
  onSelect?: () => void;
}

export function MenuItem({ className, onSelect, ...props }: MenuItemProps) {
  const chosen = useContext(Chosen);
  return (
    <DropdownMenu.Item
      className={cx(item, className)}
      onSelect={() => {
        chosen.current = onSelect;
      }}
      {...props}
    />
  );
}

export function MenuCheck({ children, className, ...props }: ComponentProps<typeof DropdownMenu.CheckboxItem>) {
  return (
    <DropdownMenu.CheckboxItem
      className={cx(item, "pl-7", className)}
      onSelect={(event) => event.preventDefault()}
      {...props}
    >
      <DropdownMenu.ItemIndicator className="absolute left-3">
        <Check className="text-accent!" />
      </DropdownMenu.ItemIndicator>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-2xs text-faint">{children}</DropdownMenu.Label>;
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}
