import type { Dataset } from "../api/contract.ts";

type Named = Pick<Dataset, "name" | "title" | "group" | "place" | "label">;

export interface Section {
  /** The group of datasets, as the catalogue names it. */
  group: string;
  title: string;
  /** The section's part of the address; empty for the owner's front page. */
  slug: string;
  /** The dataset that the section opens with; none where the front page shows no dataset. */
  home: string | undefined;
  main: Named[];
  /** Listed in the section's menu of further lists. */
  supporting: Named[];
  /** Every dataset of the group by name, those included that the home's page shows. */
  all: string[];
}

const slugOf = (group: string): string => group.toLowerCase().replaceAll(/\W+/g, "-");

/** The front page where it shows no dataset. */
const bareFront: Section = { group: "", title: "", slug: "", home: undefined, main: [], supporting: [], all: [] };

function sectionOf(group: string, datasets: readonly Named[]): Section {
  const all = datasets.filter((dataset) => dataset.group === group);
  const home = all.find(({ place }) => place === "front" || place === "home") ?? all[0];
  const others = all.filter((dataset) => dataset !== home);
  return {
    group,
    title: group,
    slug: slugOf(group),
    home: home?.name,
    main: [...(home ? [home] : []), ...others.filter(({ place }) => place === "main")],
    supporting: others.filter(({ place }) => place === "supporting"),
    all: all.map(({ name }) => name),
  };
}

/** The front page, then groups in the catalogue's order; each dataset's place is the one that it declares. */
export function sectionsOf(datasets: readonly Named[]): Section[] {
  const sections = [...new Set(datasets.map(({ group }) => group))].map((group) => sectionOf(group, datasets));
  const group = datasets.find(({ place }) => place === "front")?.group;
  const front = sections.find((section) => section.group === group);
  return [{ ...(front ?? bareFront), title: "Overview", slug: "" }, ...sections.filter((section) => section !== front)];
}

/** The section of a page, by the dataset that it shows, else by what follows the owner in its address. */
export const sectionAt = (sections: Section[], page: string, dataset: string | undefined): Section | undefined =>
  sections.find(({ slug, all }) => (dataset === undefined ? slug === page : all.includes(dataset)));

/** Pages of an owner that show no section. */
const otherPages: Record<string, string> = { changes: "Changes", directors: "Directors" };

/** A page's name in the browser's tab; the front page bears the owner's name alone. */
export function pageNameOf(datasets: readonly Named[], page: string, dataset: string | undefined): string | undefined {
  if (dataset !== undefined) return datasets.find(({ name }) => name === dataset)?.title;
  if (page === "") return undefined;
  return otherPages[page] ?? sectionAt(sectionsOf(datasets), page, undefined)?.title;
}
