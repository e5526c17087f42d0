import { KeyRound } from "lucide-react";
import type { Character } from "../api/contract.ts";
import { loginUrl } from "../session/query.ts";
import { Badge, Dot, type Tone } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatCount } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";

export const tokenWords: Record<Character["token"]["status"], { tone: Tone; word: string }> = {
  valid: { tone: "fresh", word: "Token works" },
  dead: { tone: "failed", word: "Token is dead" },
  none: { tone: "neutral", word: "No token" },
};

/** Whether EVE still lets us act for the character, and if not, why and how to mend it. */
export function TokenStatus({ character: { token } }: { character: Character }) {
  const { tone, word } = tokenWords[token.status];
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
      {token.status === "dead" ? (
        <div className="flex flex-col items-start gap-2 rounded-md bg-failed/8 px-3 py-2.5">
          <p className="text-soft">{token.message ?? "EVE does not accept this character's token any more."}</p>
          <Button asChild size="small">
            <a href={loginUrl("character", "/characters")}>
              <KeyRound />
              Log in with it again
            </a>
          </Button>
        </div>
      ) : null}
    </div>
  );
}
