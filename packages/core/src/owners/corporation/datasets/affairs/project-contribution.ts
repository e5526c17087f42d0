import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { define, type FetchContext } from "../../../../engine/dataset/index.ts";
import { itemsOf } from "./project-items.ts";

const operation = "GetCorporationsProjectsContribution";
const projects = itemsOf("projects");

interface Own extends Item {
  projectId: string;
  characterId: number;
}

const partOf = (projectId: string, characterId: number) => `${projectId}|${characterId}`;

/**
 * A director's token shows the director's own share. Every director who fetches adds theirs; the shares of the others stay
 * as they are until it is their turn again.
 */
async function own(context: FetchContext): Promise<Own[]> {
  const { characterId = 0, fetcherIds = [] } = context;
  const [list, previous] = await Promise.all([projects(context), context.previous()]);
  const known = previous.rows().map((row) => row.character_id as number);
  return [...new Set([characterId, ...fetcherIds, ...known])].flatMap((id) =>
    list.map(({ part: projectId, ...item }) => ({
      ...item,
      part: partOf(projectId, id),
      projectId,
      characterId: id,
      ...(id === characterId ? {} : { isKept: true, isAwaited: fetcherIds.includes(id) }),
    })),
  );
}

interface Contribution {
  contributed: number;
  last_modified?: string;
}

export const projectContribution = define({
  name: "project-contribution",
  title: "Directors' contributions",
  screen: { group: "Affairs", place: "supporting" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  detailOf: "projects",
  takesTurns: true,
  row: z.object({
    project_id: z.string(),
    character_id: z.int(),
    contributed: z.number(),
    last_modified: z.string().optional(),
  }),
  key: ["project_id", "character_id"],
  columns: {
    project_id: { title: "Project id", kind: "id" },
    character_id: { title: "Director", kind: "character" },
    contributed: { title: "Contributed", kind: "number" },
    last_modified: { title: "Last", kind: "date" },
  },
  sort: "-contributed",
  fetch: details(operation, {
    items: own,
    partOf: (row) => partOf(row.project_id as string, row.character_id as number),
    ask: ({ projectId, characterId }, known, context) =>
      askWhole(
        operation,
        { path: { project_id: projectId, character_id: characterId } },
        known,
        context,
        (data: Contribution) => [{ ...data, project_id: projectId, character_id: characterId }],
      ),
  }),
});
