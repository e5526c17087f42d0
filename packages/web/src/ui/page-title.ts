import { useEffect } from "react";

/** Names the page in the browser's tab and history, the most particular word first. */
export function usePageTitle(...words: (string | undefined)[]): void {
  const title = [...words, "TAPI"].filter((word) => word !== undefined).join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
