import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import type { Dataset } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { FacetList } from "../dataset/facet-list.tsx";
import { facetsQuery } from "../dataset/query.ts";
import { toggleValue, withFilter } from "../dataset/table-search.ts";
import { useTableSearch } from "../dataset/use-table-search.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";

const groups = [
  { value: "root_location_id", label: "Location" },
  { value: "type_id", label: "Type" },
  { value: "hangar", label: "Division" },
] as const;

type Group = (typeof groups)[number]["value"];

/** The assets grouped one way, with the number of rows in each group; choosing a group narrows the table to it. */
export function AssetGroups({ owner, dataset }: { owner: Owner; dataset: Dataset }) {
  const [group, setGroup] = useState<Group>("root_location_id");
  const [search, setSearch] = useTableSearch();
  const facets = useQuery(facetsQuery(owner, "assets", group, search));
  const column = dataset.columns.find((candidate) => candidate.key === group);
  const chosen = search.f?.[group];
  if (!column) return null;
  return (
    <Panel
      title={<Segments label="Group by" value={group} onChange={setGroup} options={[...groups]} />}
      actions={
        chosen === undefined ? null : (
          <Button
            look="quiet"
            size="small-icon"
            aria-label="Show all groups' rows"
            onClick={() => setSearch(withFilter(search, group, undefined))}
          >
            <X />
          </Button>
        )
      }
      className="table-frame flex flex-col overflow-hidden max-lg:hidden"
    >
      <FacetList
        key={group}
        column={column}
        facets={facets.data}
        error={facets.error}
        chosen={chosen ?? []}
        onToggle={(value) => setSearch(withFilter(search, group, toggleValue(chosen, value)))}
        tall
      />
    </Panel>
  );
}
