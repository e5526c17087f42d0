import { useSuspenseQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { shareUrl } from "../session/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { CharacterCard } from "./character-card.tsx";
import { charactersQuery } from "./query.ts";

export function CharactersPage() {
  usePageTitle("Characters");
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-lg">Characters</h1>
        <Button asChild>
          <a href={shareUrl("/characters")} data-testid="add-character">
            <UserPlus />
            Add character
          </a>
        </Button>
      </div>
      <p className="max-w-prose text-muted">
        A character's skills, wallet, assets, location and notifications are shown to you alone, once you have granted
        access at EVE. Removing the character deletes them.
      </p>
      <Boundary fallback={<Skeleton className="h-40 rounded-lg" />}>
        <Characters />
      </Boundary>
    </div>
  );
}

function Characters() {
  const { data: characters } = useSuspenseQuery(charactersQuery);
  const sorted = [...characters].sort((a, b) => Number(b.isMain) - Number(a.isMain) || a.name.localeCompare(b.name));
  return (
    <ul className="grid gap-3 lg:grid-cols-2">
      {sorted.map((character) => (
        <CharacterCard key={character.characterId} character={character} onlyOne={characters.length === 1} />
      ))}
    </ul>
  );
}
