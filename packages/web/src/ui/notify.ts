import type { ExternalToast } from "sonner";

/** A short message at the edge of the screen. The library behind it is fetched with the first message. */
export function notify(title: string, options: ExternalToast = {}): void {
  void import("sonner").then(({ toast }) => toast(title, options));
}

export function notifyError(title: string, options: ExternalToast = {}): void {
  void import("sonner").then(({ toast }) => toast.error(title, options));
}
