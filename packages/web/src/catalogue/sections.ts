import type { Dataset } from "../api/contract.ts";

type Named = Pick<Dataset, "name" | "title" | "group" | "place" | "label">;

export interface Section {
  /** The group of datasets, as the catalogue names it. */
  group: string;
  title: string;
  /** The section's part of the address; empty for the first, which is the owner's front page. */
  slug: string;
  /** The dataset that the section opens with. */
  home: string;
  main: Named[];
  /** Listed in the section's menu of further lists. */
  supporting: Named[];
  /** Every dataset of the group by name, those included that the home's page shows. */
  all: string[];
}

const slugOf = (group: string): string => group.toLowerCase().replaceAll(/\W+/g, "-");

/** Groups in the catalogue's order; each dataset's place is the one that it declares. */
export function sectionsOf(datasets: readonly Named[]): Section[] {
  const groups = [...new Set(datasets.map((dataset) => dataset.group))];
  return groups.flatMap((group, index) => {
    const all = datasets.filter((dataset) => dataset.group === group);
    const home = all.find(({ place }) => place === "home") ?? all[0];
    if (!home) return [];
    const isFront = index === 0;
    return [
      {
        group,
        title: isFront ? "Overview" : group,
        slug: isFront ? "" : slugOf(group),
        home: home.name,
        main: [home, ...all.filter((dataset) => dataset !== home && dataset.place === "main")],
        supporting: all.filter((dataset) => dataset !== home && dataset.place === "supporting"),
        all: all.map(({ name }) => name),
      },
    ];
  });
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
