const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/**
 * Some datasets of a message could not be worked on, for another reason than ESI's or a fetcher's; the others are done.
 * Says of each why.
 */
export class UnfinishedError extends Error {
  override readonly name = "UnfinishedError";
  readonly failures: ReadonlyMap<string, unknown>;

  constructor(failures: ReadonlyMap<string, unknown>) {
    super([...failures].map(([dataset, error]) => `${dataset}: ${textOf(error)}`).join("; "));
    this.failures = failures;
  }
}
