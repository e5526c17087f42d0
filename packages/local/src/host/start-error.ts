/** A start that failed for a reason a person can mend; the message says how, no stack is shown. */
export class StartError extends Error {
  override readonly name = "StartError";
}
