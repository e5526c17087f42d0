import type { Director } from "../api/contract.ts";
import { humanise } from "../ui/format.ts";

/** Roles for single hangars and accounts open no dataset and are left out; Director includes all others and is first. */
export function rolesOf({ roles }: Pick<Director, "roles">): string[] {
  const telling = roles.filter((role) => !/^(Account|Hangar|Container|Deliveries|Rent)_/.test(role));
  return telling.sort((a, b) => Number(b === "Director") - Number(a === "Director")).map(humanise);
}
