export const adminParts = ["dead-letters", "queues", "owners", "corporations", "audit"] as const;
export type AdminPart = (typeof adminParts)[number];

export interface AdminSearch {
  part?: AdminPart;
  queue?: string;
}

export function parseAdminSearch(search: Record<string, unknown>): AdminSearch {
  const part = adminParts.find((one) => one === search.part);
  return {
    ...(part && part !== "dead-letters" ? { part } : {}),
    ...(typeof search.queue === "string" && search.queue !== "" ? { queue: search.queue } : {}),
  };
}
