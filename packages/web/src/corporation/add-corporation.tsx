import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, ExternalLink, Plus } from "lucide-react";
import { useState } from "react";
import type { Character } from "../api/contract.ts";
import { ApiError } from "../api/envelope.ts";
import { charactersQuery } from "../character/query.ts";
import { loginUrl } from "../session/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { addCorporation, corporationsQuery } from "./query.ts";

/** Opens the choice of a director. */
export function AddCorporation({ first = false }: { first?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        look={first ? "primary" : "plain"}
        data-testid={first ? "add-first-corporation" : "add-corporation"}
        onClick={() => setOpen(true)}
      >
        <Plus />
        Add corporation
      </Button>
      <AddCorporationDialog open={open} onOpenChange={setOpen} />
    </>
  );
}

interface AddCorporationDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function AddCorporationDialog({ open, onOpenChange }: AddCorporationDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add a corporation"
      description="Choose a character who is one of its directors, or its CEO."
    >
      <Boundary>
        <DirectorChoice />
      </Boundary>
    </Dialog>
  );
}

function DirectorChoice() {
  const { data: characters } = useSuspenseQuery(charactersQuery);
  const add = useAddCorporation();
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-1.5">
        {characters.map((character) => (
          <li key={character.characterId}>
            <CharacterChoice
              character={character}
              disabled={add.isPending}
              onChoose={() => add.mutate(character.characterId)}
            />
          </li>
        ))}
      </ul>
      {add.error && !needsScopes(add.error) ? (
        <p role="alert" className="rounded-md bg-failed/10 px-3 py-2 text-failed">
          {add.error.message}
        </p>
      ) : null}
      <Button asChild>
        <a href={loginUrl("corporation", "/")}>
          <ExternalLink />
          Another character
        </a>
      </Button>
      <p className="text-faint text-xs">
        EVE asks for the scopes that a director needs. The token is encrypted, and every use of it stands in the
        character's audit trail.
      </p>
    </div>
  );
}

function CharacterChoice({
  character,
  disabled,
  onChoose,
}: {
  character: Character;
  disabled: boolean;
  onChoose: () => void;
}) {
  return (
    <button
      type="button"
      data-testid={`add-corporation-${character.characterId}`}
      disabled={disabled}
      onClick={onChoose}
      className="flex w-full items-center gap-3 rounded-lg border border-line bg-raised px-3 py-2.5 text-left hover:border-line-strong hover:bg-hover disabled:opacity-50"
    >
      <EveImage kind="character" id={character.characterId} name={character.name} size={36} />
      <span className="min-w-0 grow">
        <span className="block truncate font-medium text-ink">{character.name}</span>
        <span className="block truncate text-muted">{character.corporationName}</span>
      </span>
      <ArrowRight className="size-4 text-faint" aria-hidden />
    </button>
  );
}

const needsScopes = (error: unknown) => error instanceof ApiError && error.code === "corporation.scopes_missing";

/**
 * Adds the corporation of a character. Where scopes are missing, EVE is asked for them; coming back from there, the server
 * adds the corporation by itself and opens its page.
 */
function useAddCorporation() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: addCorporation,
    onSuccess: async ({ corporationId }) => {
      await queries.invalidateQueries(corporationsQuery);
      await navigate({ to: "/corporations/$corporationId", params: { corporationId } });
    },
    onError: (error) => {
      if (needsScopes(error)) location.assign(loginUrl("corporation", "/"));
    },
  });
}
