import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { useOwner } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { sectionAt, sectionsOf } from "../catalogue/sections.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { useTableSearch } from "../dataset/use-table-search.ts";
import { useBoard } from "../freshness/use-board.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { customViews } from "./views.ts";

/** The page of any dataset: a custom one where there is one, else made from its declaration. */
export function DatasetPage() {
  const { dataset } = useParams({ strict: false });
  return <DatasetContent name={dataset} />;
}

/** A section opens with the page of its home. */
export function SectionPage() {
  const { section = "" } = useParams({ strict: false });
  const { data: datasets } = useSuspenseQuery(catalogueQuery(useOwner().kind));
  return <DatasetContent name={sectionAt(sectionsOf(datasets), section, undefined)?.home} />;
}

function DatasetContent({ name }: { name: string | undefined }) {
  const owner = useOwner();
  const [{ at }] = useTableSearch();
  const { data: datasets } = useSuspenseQuery(catalogueQuery(owner.kind));
  const board = useBoard(owner);
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (!dataset) {
    return (
      <Panel>
        <Message icon={SearchX} title="There is no such dataset">
          It may have been renamed. The overview lists every dataset of the {owner.kind}.
        </Message>
      </Panel>
    );
  }
  const ofKind = customViews[owner.kind];
  const view = ofKind[dataset.name];
  // Datasets that share a page keep it as it is when one follows the other.
  const key = view ? Object.keys(ofKind).find((other) => ofKind[other] === view) : dataset.name;
  const View = view && (at === undefined || view.showsPast) ? view.Page : DatasetPanel;
  return (
    <Boundary key={key} fallback={<Skeleton className="h-96 rounded-lg" />}>
      <View owner={owner} dataset={dataset} freshness={board.find((entry) => entry.dataset === dataset.name)} />
    </Boundary>
  );
}
