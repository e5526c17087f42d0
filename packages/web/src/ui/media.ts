import { useSyncExternalStore } from "react";

/** Tailwind's `sm` starts at 640 px; below it tables become cards. */
const phone = window.matchMedia("(max-width: 639px)");

export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (changed) => {
      phone.addEventListener("change", changed);
      return () => phone.removeEventListener("change", changed);
    },
    () => phone.matches,
  );
}
