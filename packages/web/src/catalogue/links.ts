import { useLocation, useParams } from "@tanstack/react-router";
import { characterOwner, corporationOwner, type Owner } from "../api/owner.ts";

/** The address of an owner's front page; everything else of the owner is below it. */
const pageOf = ({ kind, id }: Owner): string => `/${kind}s/${id}`;

/** Where a dataset is shown: by a custom page, or by the one made from its declaration. */
export const datasetLink = (owner: Owner, dataset: string) => ({ to: `${pageOf(owner)}/data/${dataset}` });

/** Where a section begins. The first section is the owner's front page and has no name in the address. */
export const sectionLink = (owner: Owner, slug: string) => ({ to: slug ? `${pageOf(owner)}/${slug}` : pageOf(owner) });

export const changesLink = (owner: Owner) => ({ to: `${pageOf(owner)}/changes` });

/** The owner whose page is open. */
export function useOwner(): Owner {
  const { corporationId, characterId } = useParams({ strict: false });
  return characterId === undefined ? corporationOwner(Number(corporationId)) : characterOwner(characterId);
}

/** The owner's page that is open: what follows the owner in the address, and the dataset where it is a dataset's page. */
export function usePlace(): { page: string; dataset: string | undefined } {
  // Both from the address: while a page loads, the parameters are still those of the page before.
  const pathname = useLocation({ select: (location) => location.pathname });
  const [page = "", dataset] = pathname.split("/").slice(3);
  return { page, dataset: page === "data" ? dataset : undefined };
}
