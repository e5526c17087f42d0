import type { Director } from "../api/contract.ts";
import { humanise } from "../ui/format.ts";

/** Access to single hangars and accounts opens no dataset; the role Director stands for all others, and first. */
export function rolesOf({ roles }: Pick<Director, "roles">): string[] {
  const telling = roles.filter((role) => !/^(Account|Hangar|Container|Deliveries|Rent)_/.test(role));
  return telling.sort((a, b) => Number(b === "Director") - Number(a === "Director")).map(humanise);
}
