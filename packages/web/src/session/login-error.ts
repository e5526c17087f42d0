/** What the login came back with, in words and with a way out. The codes stand in docs/errors.md. */
const words: Record<string, string> = {
  "session.login_declined": "The login was not completed at EVE. Nothing was changed.",
  "session.login_expired": "That login took too long or was already used. Please start again.",
  "session.login_other_browser": "That login was begun in another browser. Please start again in this one.",
  "session.code_refused": "EVE refused the login. Please start again.",
  "session.token_rejected": "EVE's answer could not be verified, so nobody was logged in. Please start again.",
  "session.sso_unavailable": "EVE's login does not answer at the moment. Please try again shortly.",
  "session.user_changed": "Another user logged in meanwhile, so nothing was linked. Please start again.",
  "session.other_character":
    "Another character was chosen at EVE than the one to log in with again, so nothing was changed. Begin again, and choose that character at EVE.",
  "character.not_found": "That character is not one of yours, so only its own pilot can log in with it again.",
  "character.linked_elsewhere":
    "This character already belongs to another user here, and nothing was moved. If that is you too: log in with that character, remove it there, then add it here.",
  "corporation.not_a_director":
    "This character does not hold the in-game role Director. Ask a director or the CEO to add the corporation.",
  "corporation.scopes_missing": "Not all scopes were granted. Please try again and accept all of them.",
};

export function loginErrorWords(code: string): string {
  return words[code] ?? "Something went wrong on the way back from EVE. Please try again.";
}
