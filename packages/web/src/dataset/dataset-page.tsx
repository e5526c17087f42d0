import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { DatasetNote } from "../corporation/dataset-note.tsx";
import { freshnessQuery } from "../corporation/query.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { DatasetTable } from "./dataset-table.tsx";
import { datasetsQuery } from "./query.ts";

/** The page of any dataset, made from its declaration. */
export function DatasetPage() {
  const { corporationId, dataset: name } = useParams({ from: "/corporations/$corporationId/data/$dataset" });
  const { data: datasets } = useSuspenseQuery(datasetsQuery);
  const { data: freshness } = useSuspenseQuery(freshnessQuery(corporationId));
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (!dataset) {
    return (
      <Panel>
        <Message icon={SearchX} title="There is no such dataset">
          It may have been renamed. The overview lists every dataset of the corporation.
        </Message>
      </Panel>
    );
  }
  const state = freshness.find((entry) => entry.dataset === name);
  return (
    <Panel
      title={dataset.title}
      note={<DatasetNote corporationId={corporationId} dataset={name} />}
      className="flex h-[max(26rem,calc(100dvh-13rem))] flex-col"
    >
      <DatasetTable key={name} corporationId={corporationId} dataset={dataset} freshness={state} className="grow" />
    </Panel>
  );
}
