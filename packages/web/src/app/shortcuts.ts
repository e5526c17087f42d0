import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

export const shortcuts: { keys: string[]; text: string }[] = [
  { keys: ["Ctrl", "K"], text: "Go to anything" },
  { keys: ["/"], text: "Search in the table" },
  { keys: ["?"], text: "This list" },
  { keys: ["g", "d"], text: "Dashboard" },
  { keys: ["g", "c"], text: "Characters" },
  { keys: ["g", "o"], text: "Corporation: overview" },
  { keys: ["g", "m"], text: "Corporation: members" },
  { keys: ["g", "w"], text: "Corporation: wallet" },
  { keys: ["g", "a"], text: "Corporation: assets" },
  { keys: ["↑", "↓"], text: "Walk through a table" },
  { keys: ["Enter"], text: "Open the row" },
];

/** Between `g` and the key after it. */
const CHORD_MS = 1_200;

const corporationPages: Record<string, string> = { o: "", m: "/members", w: "/wallet", a: "/assets" };

/** Keys that work everywhere except while somebody types. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const { corporationId } = useParams({ strict: false });
  const chordUntil = useRef(0);
  useEffect(() => {
    const go = (key: string): boolean => {
      if (key === "d") void navigate({ to: "/dashboard" });
      else if (key === "c") void navigate({ to: "/characters" });
      else if (corporationId !== undefined && key in corporationPages) {
        void navigate({ to: `/corporations/${corporationId}${corporationPages[key]}` });
      } else return false;
      return true;
    };
    const act = (event: KeyboardEvent): boolean => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        onPalette();
        return true;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
      if (event.timeStamp < chordUntil.current) {
        chordUntil.current = 0;
        return go(event.key);
      }
      if (event.key === "g") chordUntil.current = event.timeStamp + CHORD_MS;
      else if (event.key === "?") onHelp();
      else if (event.key === "/") document.querySelector<HTMLInputElement>("input[data-search]")?.focus();
      else return false;
      return true;
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (act(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate, corporationId, onPalette, onHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
