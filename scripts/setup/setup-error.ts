/** Why setup cannot go on, and what the person who runs it can do about it. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}
