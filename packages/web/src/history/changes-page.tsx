import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { History } from "lucide-react";
import type { Owner, OwnerKind } from "../api/owner.ts";
import { useOwner } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { DateRange } from "../ui/date-range.tsx";
import { DownloadButton } from "../ui/download-button.tsx";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Comparison } from "./comparison.tsx";
import { DayList } from "./entry-list.tsx";
import { changesCsvUrl, feedQuery } from "./query.ts";
import { type ChangesSearch, parseChangesSearch } from "./search.ts";

/** What happened to an owner's data, and what differs between two moments. */
export function ChangesPage() {
  const owner = useOwner();
  const search = useSearch({ strict: false, select: parseChangesSearch, structuralSharing: true });
  const navigate = useNavigate();
  const set = (next: ChangesSearch) => void navigate({ to: ".", search: next, replace: true, resetScroll: false });
  const { dataset, compare, from } = search;
  const complete = !compare || (dataset !== undefined && from !== undefined);
  return (
    <Panel
      title={
        <Segments
          label="View"
          value={compare ? "compare" : "feed"}
          onChange={(next) => set({ ...withoutCompare(search), ...(next === "compare" ? { compare: true } : {}) })}
          options={[
            { value: "feed", label: "What happened" },
            { value: "compare", label: "Between two moments" },
          ]}
        />
      }
      actions={complete ? <DownloadButton address={changesCsvUrl(owner, search)} name="changes.csv" /> : null}
    >
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <DatasetChoice
          kind={owner.kind}
          value={dataset}
          all={!compare}
          onChange={(next) => set({ ...withoutDataset(search), ...(next ? { dataset: next } : {}) })}
        />
        <DateRange
          range={search}
          otherwise={compare ? "Choose two days" : "All kept history"}
          onChange={(range) => set({ ...withoutPeriod(search), ...range })}
        />
      </div>
      {compare ? <Comparison owner={owner} search={search} /> : <Feed owner={owner} search={search} />}
    </Panel>
  );
}

const withoutCompare = ({ compare: _, ...rest }: ChangesSearch): ChangesSearch => rest;
const withoutDataset = ({ dataset: _, ...rest }: ChangesSearch): ChangesSearch => rest;
const withoutPeriod = ({ from: _, to: __, ...rest }: ChangesSearch): ChangesSearch => rest;

interface DatasetChoiceProps {
  kind: OwnerKind;
  value: string | undefined;
  all: boolean;
  onChange: (dataset: string | undefined) => void;
}

/** The browser's own list: fifty choices in groups, found by typing, and good on a phone. */
function DatasetChoice({ kind, value, all, onChange }: DatasetChoiceProps) {
  const { data: datasets } = useSuspenseQuery(catalogueQuery(kind));
  const groups = [...new Set(datasets.map(({ group }) => group))];
  return (
    <select
      aria-label="Dataset"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
      className="h-7 max-w-full rounded-md border border-line bg-raised px-2 text-ink text-xs outline-none focus:border-accent/70"
    >
      <option value="">{all ? "All notable changes" : "Choose a dataset"}</option>
      {groups.map((group) => (
        <optgroup key={group} label={group}>
          {datasets
            .filter((dataset) => dataset.group === group)
            .map((dataset) => (
              <option key={dataset.name} value={dataset.name}>
                {dataset.title}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

function Feed({ owner, search }: { owner: Owner; search: ChangesSearch }) {
  const feed = useInfiniteQuery(feedQuery(owner, search));
  if (feed.isPending) return <SkeletonRows rows={10} />;
  if (feed.isError) return <Failed error={feed.error} onRetry={() => void feed.refetch()} />;
  const entries = feed.data.pages.flatMap((page) => page.data);
  return (
    <div aria-busy={feed.isPlaceholderData} className={feed.isPlaceholderData ? "opacity-55" : undefined}>
      {entries.length === 0 ? (
        <Message icon={History} title="Nothing has changed">
          {feed.hasNextPage
            ? "No notable changes in this period. Earlier ones may exist."
            : "Changes will appear here as they happen."}
        </Message>
      ) : (
        <DayList owner={owner} entries={entries} />
      )}
      {feed.hasNextPage ? (
        <div className="border-line border-t p-2">
          <Button className="w-full" disabled={feed.isFetchingNextPage} onClick={() => void feed.fetchNextPage()}>
            Show earlier
          </Button>
        </div>
      ) : null}
    </div>
  );
}
