/** A path of ours to go back to after the login; anything that could lead to another site is not one. */
export function safeReturnTo(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}
