import { useQuery } from "@tanstack/react-query";
import type { Character } from "../api/contract.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { charactersQuery } from "./query.ts";

const none: Character[] = [];

/** The user's characters that have pages of their own: none before the server has datasets of characters. */
export function useCharactersWithData(): Character[] {
  const characters = useQuery(charactersQuery).data ?? none;
  const datasets = useQuery(catalogueQuery("character")).data ?? [];
  return datasets.length > 0 ? characters : none;
}
