const kinds = ["codes", "states", "codeVerifiers", "accessTokens", "refreshTokens"] as const;
type Kind = (typeof kinds)[number];

/** Of each kind; a world that runs for weeks must not grow. */
const mostKept = 5_000;

/** What was said in confidence at the login, latest last: a test searches an application's table and logs for it. */
export class Confidences {
  readonly #said = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));

  note(kind: Kind, value: string | undefined): void {
    const said = this.#said.get(kind);
    if (!said || !value) return;
    said.push(value);
    if (said.length > mostKept) said.shift();
  }

  list(): Record<Kind, string[]> {
    return Object.fromEntries(kinds.map((kind) => [kind, [...new Set(this.#said.get(kind))]])) as Record<
      Kind,
      string[]
    >;
  }
}
