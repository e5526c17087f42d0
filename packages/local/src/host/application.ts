/** Every scope that an EVE application is to be registered with. */
export async function applicationScopes(): Promise<string[]> {
  // What it brings along is heavy, and most starts need none of it.
  const { applicationScopes: scopes } = await import("@tapi/core/product/login");
  return scopes();
}

interface Application {
  /** Text to paste, or a sentence where it is not known yet. */
  callback: string;
  scopes: readonly string[];
}

/** What the terminal says to somebody who has not registered an application yet. */
export const registration = ({ callback, scopes }: Application): string[] => [
  "TAPI talks to EVE as an application that you register once:",
  "",
  "  1. Open https://developers.eveonline.com, Manage applications, Create new application.",
  '  2. Choose "Authentication & API Access".',
  "  3. Callback URL, to paste:",
  "",
  callback,
  "",
  "  4. Scopes, to paste:",
  "",
  scopes.join(" "),
];
