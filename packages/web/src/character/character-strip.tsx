import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { Panel } from "../ui/panel.tsx";
import { charactersQuery } from "./query.ts";
import { tokenWords } from "./token-status.tsx";

/** My characters in short: who is linked, and whether their tokens work. */
export function CharacterStrip() {
  const { data: characters } = useSuspenseQuery(charactersQuery);
  return (
    <Panel
      title="My characters"
      note={characters.length}
      actions={
        <Button asChild look="quiet" size="small">
          <Link to="/characters">Manage</Link>
        </Button>
      }
    >
      <ul>
        {characters.map((character) => {
          const { tone, word } = tokenWords(character.token);
          return (
            <li
              key={character.characterId}
              className="flex items-center gap-2.5 border-line/60 border-b px-3.5 py-2 last:border-0"
            >
              <EveImage kind="character" id={character.characterId} name={character.name} size={28} />
              <div className="min-w-0 grow">
                <div className="truncate text-ink">{character.name}</div>
                <div className="truncate text-faint text-xs">{character.corporationName}</div>
              </div>
              <Badge tone={tone}>{word}</Badge>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
