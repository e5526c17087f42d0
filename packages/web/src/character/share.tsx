import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { Character } from "../api/contract.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { shareUrl } from "../session/query.ts";
import { Button } from "../ui/button.tsx";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";

/** Scopes of the character's own datasets that its token does not have. */
export function useUnshared({ token }: Character): string[] {
  const datasets = useQuery(catalogueQuery("character")).data ?? [];
  const granted = new Set(token.status === "valid" ? token.scopes : []);
  return [...new Set(datasets.flatMap(({ scopes }) => scopes))].filter((scope) => !granted.has(scope));
}

interface ShareProps {
  character: Character;
  /** Where EVE sends the pilot back to. */
  returnTo: string;
  look?: "quiet" | "primary";
}

/** Leads to EVE, where the pilot grants what the character's own pages show; nothing if all of it is granted. */
export function ShareData({ character, returnTo, look = "quiet" }: ShareProps) {
  const { characterId } = character;
  if (useUnshared(character).length === 0) return null;
  return (
    <Button asChild look={look} size="small">
      <a href={shareUrl(returnTo, characterId)} data-testid={`share-${characterId}`}>
        <KeyRound />
        Grant access to its data
      </a>
    </Button>
  );
}

const list = new Intl.ListFormat("en-GB");

/** What stands in place of the pages of a character whose access has never been granted. */
export function NothingShared({ character, returnTo }: ShareProps) {
  const datasets = useQuery(catalogueQuery("character")).data ?? [];
  const groups = [...new Set(datasets.map(({ group }) => group.toLowerCase()))];
  return (
    <Panel>
      <Message
        icon={KeyRound}
        title={`${character.name} shares no data yet`}
        actions={<ShareData character={character} returnTo={returnTo} look="primary" />}
      >
        Grant access at EVE, and TAPI keeps the {list.format(groups)} of this character fresh. Only you see them, and
        removing the character here deletes them.
      </Message>
    </Panel>
  );
}
