/** What was typed makes no sense; its message says what does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
