import * as Access from "../../access/index.ts";
import { reactivate } from "./reactivate.ts";
import { find } from "./registry.ts";

// Access to corporations, joined with the registry. A director whom EVE confirms again reactivates an abandoned corporation.

const corporations: Access.Corporations = {
  isRegistered: async (corporationId) => (await find(corporationId)) !== undefined,
  onConfirmed: (corporationId) => reactivate(corporationId, ["abandoned"]),
};

/**
 * Allows users who have a linked director of the corporation, administrators once no director is active, and our own
 * workers. Everyone else gets `corporation.not_found` (404).
 */
export const requireReader = (corporationId: number): Promise<void> =>
  Access.requireCorporation(corporationId, corporations);

/** Ids of the corporations that a user can read. */
export const listReadable = (userId: string): Promise<number[]> => Access.listReadable(userId, corporations);

/** Allows who can delete a corporation's data; see `Access.requireDirectorNow`. */
export const requireDirectorNow = (corporationId: number): Promise<"director" | "admin"> =>
  Access.requireDirectorNow(corporationId, corporations);
