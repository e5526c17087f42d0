const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

export const amount = (value: unknown): string => numbers.format(Number(value ?? 0));
export const percent = (value: number): string => `${amount(value * 100)}%`;
export const isk = (value: unknown): string => `${amount(value)} ISK`;

/** `in_progress` as people read it. */
export const plain = (value: unknown): string => String(value ?? "unknown").replaceAll("_", " ");

/** A moment to the minute, in the game's time. */
export const moment = (value: unknown): string => `${String(value).slice(0, 16).replace("T", " ")} UTC`;
