import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useParams } from "@tanstack/react-router";
import { UserX } from "lucide-react";
import type { Character } from "../api/contract.ts";
import { characterOwner } from "../api/owner.ts";
import { usePlace } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { pageNameOf } from "../catalogue/sections.ts";
import { charactersQuery } from "../character/query.ts";
import { NothingShared, ShareData, useUnshared } from "../character/share.tsx";
import { useBoard } from "../freshness/use-board.ts";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { Message } from "../ui/message.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { Panel } from "../ui/panel.tsx";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { SectionNav } from "./section-nav.tsx";

/** Around the pages of one of the user's characters. */
export function CharacterLayout() {
  const { characterId } = useParams({ from: "/characters/$characterId" });
  return (
    <Boundary key={characterId} fallback={<PageSkeleton />}>
      <Content characterId={characterId} />
    </Boundary>
  );
}

function Content({ characterId }: { characterId: number }) {
  const { data: datasets } = useSuspenseQuery(catalogueQuery("character"));
  const { data: characters } = useSuspenseQuery(charactersQuery);
  const character = characters.find((each) => each.characterId === characterId);
  const { page, dataset } = usePlace();
  usePageTitle(pageNameOf(datasets, page, dataset), character?.name ?? "Character");
  if (!character || datasets.length === 0) {
    return (
      <Panel>
        <Message icon={UserX} title="There is no such character">
          Only characters that you have linked have a page here.
        </Message>
      </Panel>
    );
  }
  return <Pages character={character} />;
}

function Pages({ character }: { character: Character }) {
  const owner = characterOwner(character.characterId);
  const { pathname } = useLocation();
  const board = useBoard(owner);
  const isPartlyUnshared = useUnshared(character).length > 0;
  const hasNothing = board.length > 0 && board.every(({ status }) => status === "never");
  const hasPages = !(isPartlyUnshared && hasNothing);
  return (
    <>
      <header className="mb-4 flex flex-col gap-3">
        <div className="flex items-center gap-3">
          <EveImage kind="character" id={owner.id} name={character.name} size={44} />
          <div className="min-w-0">
            <h1 className="truncate text-lg leading-6">{character.name}</h1>
            <p className="truncate text-muted">{character.corporationName}</p>
          </div>
          {hasPages ? (
            <div className="ml-auto">
              <ShareData character={character} returnTo={pathname} />
            </div>
          ) : null}
        </div>
        {hasPages ? <SectionNav owner={owner} /> : null}
      </header>
      {hasPages ? (
        <Boundary fallback={<PageSkeleton />}>
          <Outlet />
        </Boundary>
      ) : (
        <NothingShared character={character} returnTo={pathname} />
      )}
    </>
  );
}
