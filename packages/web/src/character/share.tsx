import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { Character } from "../api/contract.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { shareUrl } from "../session/query.ts";
import { Button } from "../ui/button.tsx";

/** Scopes of the character's own datasets that its token does not have. */
function useUnshared({ token }: Character): string[] {
  const datasets = useQuery(catalogueQuery("character")).data ?? [];
  const granted = new Set(token.status === "valid" ? token.scopes : []);
  return [...new Set(datasets.flatMap(({ scopes }) => scopes))].filter((scope) => !granted.has(scope));
}

/** Leads to EVE, where the pilot grants what the character's own pages show; nothing if all of it is granted. */
export function ShareData({ character, returnTo }: { character: Character; returnTo: string }) {
  const { characterId } = character;
  if (useUnshared(character).length === 0) return null;
  return (
    <Button asChild look="quiet" size="small">
      <a href={shareUrl(returnTo, characterId)} data-testid={`share-${characterId}`}>
        <KeyRound />
        Grant access to its data
      </a>
    </Button>
  );
}
