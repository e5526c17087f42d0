import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";
import { useStored } from "../ui/stored.ts";
import { parseTableSearch, type TableSearch } from "./table-search.ts";

interface View {
  name: string;
  search: TableSearch;
  columns: Record<string, boolean>;
}

interface ViewMenuProps {
  dataset: string;
  search: TableSearch;
  onSearch: (next: TableSearch) => void;
  visibility: Record<string, boolean>;
  onVisibility: (next: Record<string, boolean>) => void;
}

/** Search, filters, order and columns of a table under a name, kept in this browser. */
export function ViewMenu({ dataset, search, onSearch, visibility, onVisibility }: ViewMenuProps) {
  const [views, setViews] = useStored<View[]>(`tapi.views.${dataset}`, []);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const save = () => {
    const view = { name: name.trim(), search, columns: visibility };
    if (view.name === "") return;
    setViews([...views.filter((other) => other.name !== view.name), view]);
    setName("");
  };
  const apply = (view: View) => {
    onSearch(parseTableSearch({ ...view.search }));
    onVisibility(view.columns);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      trigger={
        <Button look="quiet" size="small">
          <Bookmark />
          <span className="max-sm:sr-only">Views</span>
        </Button>
      }
    >
      <ul className="max-h-64 overflow-y-auto p-1">
        {views.length === 0 ? (
          <li className="px-2 py-2 text-muted">Save search, filters, order and columns under a name.</li>
        ) : null}
        {views.map((view) => (
          <li key={view.name} className="group flex items-center rounded-[5px] hover:bg-hover">
            <button type="button" onClick={() => apply(view)} className="min-w-0 grow truncate px-2 py-1.5 text-left">
              {view.name}
            </button>
            <Button
              look="quiet"
              size="small-icon"
              aria-label={`Delete the view ${view.name}`}
              onClick={() => setViews(views.filter((other) => other !== view))}
            >
              <Trash2 />
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="flex gap-1.5 border-line border-t p-2"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={60}
          aria-label="Name of the new view"
          placeholder="Name this view"
          className="h-7 min-w-0 grow rounded-md border border-line bg-void/60 px-2 text-ink outline-none focus:border-accent/70"
        />
        <Button type="submit" size="small" disabled={name.trim() === ""}>
          Save
        </Button>
      </form>
    </Popover>
  );
}
