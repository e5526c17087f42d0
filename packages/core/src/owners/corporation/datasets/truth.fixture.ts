import { get } from "./index.ts";

export type Row = Record<string, unknown>;

const roleLists = ["", "grantable_"].flatMap((kind) =>
  ["roles", "roles_at_hq", "roles_at_base", "roles_at_other"].map((list) => `${kind}${list}`),
);
const joined = (values: unknown) => [...(values as string[])].sort().join(", ");

const withRoleTexts = (row: Row): Row => ({
  ...row,
  ...Object.fromEntries(
    roleLists.map((list) => [list, (row[list] as unknown[] | undefined)?.length ? joined(row[list]) : undefined]),
  ),
});

const flatProject = ({ progress, reward, ...row }: Row): Row => ({
  ...row,
  progress_current: (progress as Row).current,
  progress_desired: (progress as Row).desired,
  reward_remaining: (reward as Row | undefined)?.remaining,
});

const sumOf = (reagents: unknown, field: string) =>
  (reagents as Row[]).reduce((sum, reagent) => sum + (reagent[field] as number), 0);

/** How a row of ESI's reads in the product, where it is not the same; columns without a counterpart are left out. */
const mappings: Record<string, (row: Row, corporationId: number) => Row | Row[]> = {
  "public-info": ({ tax_rates, palette, ...row }) => ({ ...row, tax_rate: (tax_rates as Row).isk }),
  "member-limit": (limit, corporation_id) => ({ limit, corporation_id }),
  "member-titles": ({ character_id, titles }) => (titles as number[]).map((title_id) => ({ character_id, title_id })),
  roles: withRoleTexts,
  titles: withRoleTexts,
  "role-history": (row) => ({ ...row, old_roles: joined(row.old_roles), new_roles: joined(row.new_roles) }),
  divisions: ({ hangar, wallet }) => [
    ...(hangar as Row[]).map((row) => ({ ...row, kind: "hangar" })),
    ...(wallet as Row[]).map((row) => ({ ...row, kind: "wallet" })),
  ],
  icons: (row, corporation_id) => ({ ...row, corporation_id }),
  orders: (row) => ({ ...row, is_buy_order: row.is_buy_order ?? false }),
  "order-history": (row) => ({ ...row, is_buy_order: row.is_buy_order ?? false }),
  structures: ({ corporation_id, services, ...row }) => ({
    ...row,
    services: joined((services as Row[]).map(({ name, state }) => `${name} (${state})`)),
  }),
  "starbase-details": ({ fuels, ...row }) => ({
    ...row,
    fuel_quantity: (fuels as Row[])[0]?.quantity,
    strontium_quantity: (fuels as Row[])[1]?.quantity,
  }),
  skyhooks: ({ skyhooks }) => skyhooks as Row[],
  "skyhook-details": ({ skyhook_id, reagents, reinforcement_timer, theft_vulnerability, ...row }) => ({
    ...row,
    secured_stock: sumOf(reagents, "secured_stock"),
    unsecured_stock: sumOf(reagents, "unsecured_stock"),
    reinforced_until: (reinforcement_timer as Row | undefined)?.end,
    vulnerable_from: (theft_vulnerability as Row | undefined)?.start,
  }),
  "sovereignty-hubs": ({ sovereignty_hubs }) => sovereignty_hubs as Row[],
  "sovereignty-hub-details": ({ id, solar_system_id, reagent_bay, resources, upgrades }) => ({
    id,
    solar_system_id,
    upgrades,
    reagents: (reagent_bay as Row).reagents,
    reagents_updated: (reagent_bay as Row).last_updated,
    power_available: ((resources as Row).power as Row).available,
    workforce_allocated: ((resources as Row).workforce as Row).allocated,
  }),
  contacts: ({ label_ids, ...row }) => ({ ...row, label_ids: label_ids ? joined(label_ids) : undefined }),
  projects: flatProject,
  "freelance-jobs": flatProject,
  "project-details": ({ configuration, contribution, creator, details, project_id, ...row }) => ({
    ...flatProject(row),
    ...(details as Row),
    ...(contribution as Row),
    goal: Object.keys(configuration as Row)[0],
    configuration: Object.values(configuration as Row)[0],
    creator_name: (creator as Row).name,
  }),
  "project-contributors": ({ id, ...row }) => ({ ...row, character_id: id }),
  "freelance-participants": ({ id, ...row }) => ({ ...row, character_id: id }),
  "fw-stats": ({ kills, victory_points, ...row }, corporation_id) => ({
    ...row,
    corporation_id,
    kills_total: (kills as Row).total,
    victory_points_last_week: (victory_points as Row).last_week,
  }),
  killmails: ({ victim, attackers, ...row }, corporationId) => {
    const { corporation_id, character_id, ship_type_id, damage_taken, items } = victim as Row;
    const is_loss = corporation_id === corporationId;
    return { ...row, attackers, items, is_loss, ship_type_id, damage_taken, victim_id: character_id };
  },
};

/** New Eden as the product may see it: its truth, and what ESI answers to somebody else's token. */
export interface Source {
  truth: (name: string) => Promise<Row[]>;
  about: (items: "names" | "locations", ids: unknown[]) => Promise<Row[]>;
  killmail: (id: unknown, hash: unknown) => Promise<Row>;
  /** What ids are called, as ESI tells anybody. */
  names: (ids: number[]) => Promise<{ id: number; name: string }[]>;
  characterId: number;
}

const recentKillmails = "GetCorporationsCorporationIdKillmailsRecent";

/** ESI's limit of ids a call. */
const batchLimit = 1000;

/** What ESI says of assets that were read and still are: it refuses a list with an item that is gone. */
async function aboutAssets({ truth, about }: Source, items: "names" | "locations", isAsked: (row: Row) => boolean) {
  const [read, live] = await Promise.all([truth("assets"), truth("assets?live=1")]);
  const there = new Set(live.map((row) => row.item_id));
  const ids = read.filter((row) => there.has(row.item_id) && isAsked(row)).map((row) => row.item_id);
  const batches = Array.from({ length: Math.ceil(ids.length / batchLimit) }, (_, batch) =>
    ids.slice(batch * batchLimit, (batch + 1) * batchLimit),
  );
  return (await Promise.all(batches.map((batch) => about(items, batch)))).flat();
}

async function partyRows(names: Source["names"], ids: readonly unknown[]): Promise<Row[]> {
  const wanted = [...new Set(ids.filter((id): id is number => typeof id === "number" && id > 1))];
  const named = wanted.length > 0 ? await names(wanted) : [];
  return named.map(({ id, name }) => ({ party_id: id, name }));
}

/** Datasets that New Eden keeps under another name, or only as an answer. */
const sources: Record<string, (source: Source) => Promise<Row[]>> = {
  "recent-killmails": ({ truth }) => truth(recentKillmails),
  killmails: async ({ truth, killmail }) => {
    const list = await truth(recentKillmails);
    return Promise.all(list.map(({ killmail_id, killmail_hash }) => killmail(killmail_id, killmail_hash)));
  },
  "asset-names": async (source) => {
    const named = await aboutAssets(source, "names", (row) => row.is_singleton === true);
    return named.filter(({ name }) => name !== "None");
  },
  "asset-locations": async (source) => {
    const isInSpace = (row: Row) => row.is_singleton === true && row.location_type === "solar_system";
    const located = await aboutAssets(source, "locations", isInSpace);
    return located.map(({ item_id, position }) => ({ item_id, ...(position as Row) }));
  },
  "location-names": async ({ truth }) => {
    const lists = ["assets", "member-tracking", "industry-jobs", "orders", "contracts"];
    const [structures, ...rows] = await Promise.all(["structures", ...lists].map(truth));
    const places = new Set(
      rows
        .flat()
        .flatMap(({ location_id, start_location_id, end_location_id }) => [
          location_id,
          start_location_id,
          end_location_id,
        ]),
    );
    return (structures ?? [])
      .filter(({ structure_id }) => places.has(structure_id))
      .map(({ structure_id, name, system_id }) => ({ location_id: structure_id, name, solar_system_id: system_id }));
  },
  "party-names": async ({ truth, names }) => {
    const [journal = [], transactions = [], members = []] = await Promise.all(
      ["wallet-journal", "wallet-transactions", "members"].map(truth),
    );
    const parties = journal.flatMap((row) => [row.first_party_id, row.second_party_id, row.tax_receiver_id]);
    const known = new Set<unknown>(members);
    const strangers = [...parties, ...transactions.map(({ client_id }) => client_id)].filter((id) => !known.has(id));
    return partyRows(names, strangers);
  },
  "npc-corporations": ({ truth }) => truth("GetCorporationsNpccorps"),
  "project-contribution": async ({ truth, characterId }) => {
    const [projects, contributors] = await Promise.all([truth("projects"), truth("project-contributors")]);
    const own = (projectId: unknown) =>
      contributors.find(({ project_id, id }) => project_id === projectId && id === characterId);
    return projects.map(({ id }) => ({
      project_id: id,
      character_id: characterId,
      contributed: own(id)?.contributed ?? 0,
    }));
  },
};

/** What may be stored besides, because it was true once and still is: a place keeps its name when nothing is there any more. */
const alsoTrue: Record<string, (source: Source, stored: readonly Row[]) => Promise<Row[]>> = {
  "party-names": ({ names }, stored) =>
    partyRows(
      names,
      stored.map(({ party_id }) => party_id),
    ),
  "location-names": async ({ truth }) =>
    (await truth("structures")).map(({ structure_id, name, system_id }) => ({
      location_id: structure_id,
      name,
      solar_system_id: system_id,
    })),
};

export const alsoExpected = async (name: string, source: Source, stored: readonly Row[]): Promise<Row[]> =>
  (await alsoTrue[name]?.(source, stored)) ?? [];

/** Rows that only remember that there was nothing to find. */
export const isEmpty = (name: string, row: Row): boolean => name === "asset-names" && row.name === undefined;

/** The dataset's rows as they should be stored, from New Eden's own state. */
export async function expected(name: string, corporationId: number, source: Source): Promise<Row[]> {
  const rows = await (sources[name]?.(source) ?? source.truth(name));
  const { key } = get(name);
  // Plain values are rows of the key alone.
  const mapping =
    mappings[name] ?? ((row: unknown) => (typeof row === "object" ? (row as Row) : { [key[0] as string]: row }));
  const isStored = ([column, value]: [string, unknown]) => column in get(name).row.shape && value !== undefined;
  return rows
    .flatMap<Row>((row) => mapping(row, corporationId))
    .map((row) => Object.fromEntries(Object.entries(row).filter(isStored)));
}
