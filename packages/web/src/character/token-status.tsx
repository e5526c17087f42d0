import { KeyRound } from "lucide-react";
import type { Character } from "../api/contract.ts";
import { loginUrl } from "../session/query.ts";
import { Badge, Dot, type Tone } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatCount } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";

type Token = Character["token"];

const words: Record<Token["status"], { tone: Tone; word: string }> = {
  valid: { tone: "fresh", word: "Token works" },
  dead: { tone: "failed", word: "Token is dead" },
  none: { tone: "neutral", word: "No token" },
};

/** A token works only if it has every scope that was ever requested for its character. */
export const tokenWords = ({ status, missingScopes }: Token): { tone: Tone; word: string } =>
  status === "valid" && missingScopes.length > 0 ? { tone: "stale", word: "Scopes are missing" } : words[status];

/** What is wrong with a token and a new login repairs; undefined if nothing is. */
export function tokenTrouble({ status, message, missingScopes }: Token): string | undefined {
  if (status === "none") return "There is no token of this character here.";
  if (status === "dead") return message ?? "EVE no longer accepts this character's token.";
  if (missingScopes.length === 0) return undefined;
  return `This token lacks ${formatCount(missingScopes.length, "scope")} of those that were asked for, and what needs them is not fetched. Log in with the character again and accept all scopes.`;
}

/** Links to an EVE login that asks for every scope the token has had. */
export function RenewToken({ characterId, returnTo }: { characterId: number; returnTo: string }) {
  return (
    <Button asChild size="small">
      <a href={loginUrl("character", returnTo, characterId)} data-testid={`renew-${characterId}`}>
        <KeyRound />
        Log in with it again
      </a>
    </Button>
  );
}

/** Whether the character's token works, and if not, why and how to repair it. */
export function TokenStatus({ character: { characterId, token } }: { character: Character }) {
  const { tone, word } = tokenWords(token);
  const trouble = tokenTrouble(token);
  const isDead = token.status === "dead";
  return (
    <div className="mt-2.5 flex flex-col gap-2">
      <div className="flex flex-wrap gap-1.5">
        <Badge tone={tone} data-testid="token-status" data-status={token.status}>
          <Dot tone={tone} />
          {word}
        </Badge>
        {token.scopes.length > 0 ? (
          <Hint text={token.scopes.join(", ")}>
            <Badge tabIndex={0}>{formatCount(token.scopes.length, "scope")}</Badge>
          </Hint>
        ) : null}
      </div>
      {trouble ? (
        <div className="flex flex-col items-start gap-2 rounded-md bg-failed/8 px-3 py-2.5">
          <p className="text-soft">{trouble}</p>
          {!isDead && token.missingScopes.length > 0 ? (
            <ul aria-label="Missing scopes" className="flex flex-wrap gap-1">
              {token.missingScopes.map((scope) => (
                <li key={scope} className="break-all font-mono text-muted text-xs">
                  {scope}
                </li>
              ))}
            </ul>
          ) : null}
          <RenewToken characterId={characterId} returnTo="/characters" />
        </div>
      ) : null}
    </div>
  );
}
