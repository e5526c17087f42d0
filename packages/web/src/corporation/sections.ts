import type { Dataset } from "../api/contract.ts";

type Named = Pick<Dataset, "name" | "title" | "group">;

export interface Section {
  /** The group of datasets, as the catalogue names it. */
  group: string;
  title: string;
  /** Where the section begins: a page by hand, or the dataset that the others belong to. */
  home: string;
  /** What people come for, and the lists that stand behind it. */
  main: Named[];
  behind: Named[];
  /** Every dataset of the group by name, those too that the section's own page shows. */
  all: string[];
}

/** Groups in the order of the tabs; one that the catalogue adds later follows by itself. */
const known: Record<string, { title: string; home: string }> = {
  Corporation: { title: "Overview", home: "public-info" },
  Members: { title: "Members", home: "member-tracking" },
  Wallet: { title: "Wallet", home: "wallet-journal" },
  Assets: { title: "Assets", home: "assets" },
  Structures: { title: "Structures", home: "structures" },
  Industry: { title: "Industry", home: "industry-jobs" },
  Market: { title: "Market", home: "orders" },
  Contracts: { title: "Contracts", home: "contracts" },
  Combat: { title: "Combat", home: "killmails" },
  Affairs: { title: "Affairs", home: "project-details" },
};

/** Shown by the section's own page, so they need no entry of their own. */
const covered = new Set(["members", "wallets", "wallet-transactions"]);

/** Ids, coordinates and the like: what other datasets are made from. */
const behind = new Set([
  "icons",
  "member-limit",
  "asset-names",
  "asset-locations",
  "location-names",
  "mining-observers",
  "contract-items",
  "contract-bids",
  "skyhooks",
  "sovereignty-hubs",
  "recent-killmails",
  "contact-labels",
  "projects",
  "project-contributors",
  "project-contribution",
  "freelance-participants",
  "npc-corporations",
]);

export function sectionsOf(datasets: readonly Named[]): Section[] {
  const groups = [...new Set([...Object.keys(known), ...datasets.map((dataset) => dataset.group)])];
  return groups.flatMap((group) => {
    const all = datasets.filter((dataset) => dataset.group === group);
    const [first] = all;
    if (!first) return [];
    const { title, home } = known[group] ?? { title: group, home: first.name };
    const listed = all
      .filter((dataset) => !covered.has(dataset.name))
      .sort((a, b) => Number(b.name === home) - Number(a.name === home));
    return [
      {
        group,
        title,
        home,
        main: listed.filter((dataset) => dataset.name === home || !behind.has(dataset.name)),
        behind: listed.filter((dataset) => dataset.name !== home && behind.has(dataset.name)),
        all: all.map(({ name }) => name),
      },
    ];
  });
}

const namedPages: Record<string, string> = {
  members: "Members",
  wallet: "Wallet",
  assets: "Assets",
  changes: "Changes",
  directors: "Directors",
};

/** What a page of a corporation is called in the browser's tab; the overview bears the corporation's name alone. */
export function pageNameOf(datasets: readonly Named[], page: string, dataset: string | undefined): string | undefined {
  return dataset === undefined ? namedPages[page] : datasets.find(({ name }) => name === dataset)?.title;
}

const pages: Record<string, string> = { members: "Members", wallet: "Wallet", assets: "Assets" };

/** Which section a page belongs to, by what follows the corporation's id in its address. */
export function sectionAt(sections: Section[], page: string, dataset: string | undefined): Section | undefined {
  if (dataset !== undefined) {
    return sections.find(({ main, behind }) => [...main, ...behind].some(({ name }) => name === dataset));
  }
  const group = page === "" ? "Corporation" : pages[page];
  return sections.find((section) => section.group === group);
}
