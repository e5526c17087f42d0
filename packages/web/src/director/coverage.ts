import type { Dataset, Director } from "../api/contract.ts";
import { formatCount, formatTime, humanise } from "../ui/format.ts";

export type Cell = "able" | "refused" | "unhealthy" | "scope" | "role" | "scope and role";

type Needs = Pick<Dataset, "name" | "title" | "group" | "scopes" | "roles">;
type Held = Pick<Director, "characterId" | "name" | "healthy" | "missingScopes" | "missingRolesFor" | "refused">;

export interface CoverageRow {
  /** Any one of these in-game roles serves; none where every director may read. */
  roles: string[];
  datasets: { name: string; title: string; cells: { characterId: number; cell: Cell }[]; able: number }[];
}

/** Why a director can or cannot fetch a dataset. */
export function cellOf(dataset: Needs, director: Held): Cell {
  const scope = dataset.scopes.some((needed) => director.missingScopes.includes(needed));
  const role = director.missingRolesFor.includes(dataset.name);
  if (scope && role) return "scope and role";
  if (scope) return "scope";
  if (role) return "role";
  if (!director.healthy) return "unhealthy";
  return director.refused.some((refusal) => refusal.dataset === dataset.name) ? "refused" : "able";
}

/** Every dataset that needs a director, by the roles it needs: who can fetch it, and what the others lack. */
export function coverage(datasets: readonly Needs[], directors: readonly Held[]): CoverageRow[] {
  const rows = new Map<string, CoverageRow>();
  for (const dataset of datasets) {
    if (dataset.scopes.length === 0) continue;
    const key = [...dataset.roles].sort().join(" ");
    const row = rows.get(key) ?? { roles: dataset.roles, datasets: [] };
    const cells = directors.map((director) => ({ characterId: director.characterId, cell: cellOf(dataset, director) }));
    const able = cells.filter(({ cell }) => cell === "able").length;
    row.datasets.push({ name: dataset.name, title: dataset.title, cells, able });
    rows.set(key, row);
  }
  // Roles that most datasets need first; datasets that need no role last.
  return [...rows.values()].sort(
    (a, b) => Number(a.roles.length === 0) - Number(b.roles.length === 0) || b.datasets.length - a.datasets.length,
  );
}

export interface Advice {
  tone: "failed" | "stale" | "fresh";
  text: string;
  /** A new login with this character repairs it. */
  login: boolean;
}

/** By the code of the last error. Errors not listed explain themselves in their message and need no action. */
const causes: Record<string, Pick<Advice, "text" | "login">> = {
  "token.dead": { text: "Log in again with this character: EVE no longer accepts its token.", login: true },
  "esi.unauthorized": { text: "Log in again with this character: ESI does not accept its token.", login: true },
  "esi.forbidden": {
    text: "EVE refuses this character. Check its in-game roles; it is tried again every 15 minutes.",
    login: false,
  },
  "director.left": {
    text: "The character has left the corporation. Remove it here, or let it join again: it is noticed by itself.",
    login: false,
  },
};

/** What to do about a director, most urgent first. */
export function adviceFor(director: Pick<Director, "healthy" | "lastError" | "remedy"> & Held): Advice[] {
  const { healthy, lastError, remedy, missingScopes, missingRolesFor, refused, name } = director;
  const advice: Advice[] = [];
  if (!healthy) {
    const known = lastError ? causes[lastError.code] : undefined;
    const words = remedy ?? "It is tried again every 15 minutes, and is healthy again after the first success.";
    advice.push({ tone: "failed", ...(known ?? { text: words, login: false }) });
  }
  if (healthy && refused.length > 0) {
    const what = formatCount(refused.length, "dataset");
    const at = formatTime(Math.max(...refused.map(({ until }) => Date.parse(until))));
    advice.push({
      tone: "stale",
      text: `EVE has just refused ${what} to this character, which may have lost a role. It is asked again at ${at}; until then another director is, if there is one.`,
      login: false,
    });
  }
  if (missingScopes.length > 0) {
    const count = formatCount(missingScopes.length, "scope was", "scopes were");
    advice.push({
      tone: "stale",
      text: `${count} not granted. Log in again with ${name} and accept all of them.`,
      login: true,
    });
  }
  if (missingRolesFor.length > 0) {
    const what = formatCount(missingRolesFor.length, "dataset");
    advice.push({
      tone: "stale",
      text: `In-game roles are missing for ${what}. The CEO or a director gives them in the game, under Corporation, Members, Roles; they are noticed here by themselves.`,
      login: false,
    });
  }
  if (advice.length === 0) advice.push({ tone: "fresh", text: "Nothing to do: can fetch everything.", login: false });
  return advice;
}

const happened: Record<string, string> = {
  "esi.forbidden": "was refused",
  "esi.unauthorized": "was refused: ESI did not accept the token",
  "token.dead": "could not be asked for: the token is dead",
};

/** A sentence for an incident: the dataset, what happened, how often. */
export function incidentText({ code, dataset, times, healedAt }: Director["incidents"][number]): string {
  const what = `${humanise(dataset.replaceAll("-", "_"))} ${happened[code] ?? `failed (${code})`}`;
  const often = times > 1 ? `${what}, ${times} times` : what;
  return healedAt === undefined ? often : `${often}; works again`;
}
