import { useRef } from "react";

const isNowhere = (element: Element | null): boolean =>
  element === null || element === document.body || !element.isConnected;

/**
 * Where the keyboard was before something opened, and how to lead it back. What it was on may have gone meanwhile, a row
 * that was removed: then the page's content has it, and Tab does not begin anew at the top.
 */
export function useReturnFocus() {
  const before = useRef<HTMLElement>(null);
  const goBack = () => {
    const target = isNowhere(before.current) ? document.getElementById("main") : before.current;
    target?.focus({ preventScroll: true });
  };
  return {
    remember: () => {
      before.current = document.activeElement as HTMLElement | null;
    },
    goBack,
    /** After Radix has led back to its trigger, which it cannot if that is gone, and unless a person went elsewhere. */
    goBackIfLost: () =>
      queueMicrotask(() => {
        if (isNowhere(document.activeElement)) goBack();
      }),
  };
}
