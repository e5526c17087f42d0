import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Character } from "../api/contract.ts";
import { characterOwner } from "../api/owner.ts";
import { sectionLink } from "../catalogue/links.ts";
import { sessionQuery } from "../session/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatDate } from "../ui/format.ts";
import { notifyError } from "../ui/notify.ts";
import { charactersQuery, removeCharacter, setMain } from "./query.ts";
import { ShareData } from "./share.tsx";
import { TokenStatus } from "./token-status.tsx";
import { TokenUses } from "./token-uses.tsx";
import { useCharactersWithData } from "./with-data.ts";

export function CharacterCard({ character, onlyOne }: { character: Character; onlyOne: boolean }) {
  const { characterId, name } = character;
  const hasData = useCharactersWithData().length > 0;
  const [trail, setTrail] = useState(false);
  const queries = useQueryClient();
  const reload = () =>
    Promise.all([queries.invalidateQueries(charactersQuery), queries.invalidateQueries(sessionQuery)]);
  const main = useMutation({
    mutationFn: () => setMain(characterId),
    onSuccess: reload,
    onError: (error) => notifyError("Your main stays as it was", { description: error.message }),
  });
  const remove = useMutation({
    mutationFn: () => removeCharacter(characterId),
    onSuccess: reload,
    onError: (error) => notifyError(`${name} stays`, { description: error.message }),
  });
  return (
    <li data-testid={`character-${characterId}`} className="flex flex-col rounded-lg border border-line bg-surface">
      <div className="flex grow gap-3.5 p-4">
        <EveImage kind="character" id={characterId} name={name} size={52} />
        <div className="min-w-0 grow">
          <div className="flex items-center gap-2">
            <h2 className="truncate text-sm">
              {hasData ? (
                <Link {...sectionLink(characterOwner(characterId), "")} className="hover:text-accent">
                  {name}
                </Link>
              ) : (
                name
              )}
            </h2>
            {character.isMain ? <Badge tone="accent">Main</Badge> : null}
          </div>
          <p className="truncate text-muted">{character.corporationName}</p>
          <p className="text-faint text-xs">Linked {formatDate(character.linkedAt)}</p>
          <TokenStatus character={character} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-1 border-line border-t px-2 py-1.5">
        <Button look="quiet" size="small" onClick={() => setTrail(true)}>
          <History />
          Token use
        </Button>
        <ShareData character={character} returnTo="/characters" />
        {character.isMain ? null : (
          <Button look="quiet" size="small" disabled={main.isPending} onClick={() => main.mutate()}>
            <Star />
            Make main
          </Button>
        )}
        <Confirm
          trigger={
            <Button look="quiet" size="small" className="ml-auto text-muted hover:text-failed">
              <Trash2 />
              Remove
            </Button>
          }
          title={`Remove ${name}?`}
          action="Remove"
          onConfirm={() => remove.mutateAsync()}
        >
          Its token is revoked at EVE and deleted here with all that is stored of the character, and it stops fetching
          for its corporation.
          {onlyOne ? " It is your last character: you will need it again to log in." : ""}
        </Confirm>
      </div>
      <TokenUses character={character} open={trail} onOpenChange={setTrail} />
    </li>
  );
}
