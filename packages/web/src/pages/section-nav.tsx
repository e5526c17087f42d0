import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import type { Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { changesLink, datasetLink, sectionLink, usePlace } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { type Section, sectionAt, sectionsOf } from "../catalogue/sections.ts";
import { needsAttention } from "../freshness/status.ts";
import { useBoard } from "../freshness/use-board.ts";
import { Dot } from "../ui/badge.tsx";
import { cx } from "../ui/cx.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";

/** Tabs for the sections of an owner's datasets, and below them the datasets of the section in sight. */
export function SectionNav({ owner }: { owner: Owner }) {
  const { data: datasets } = useSuspenseQuery(catalogueQuery(owner.kind));
  const board = useBoard(owner);
  const { page, dataset } = usePlace();
  const sections = sectionsOf(datasets);
  const current = sectionAt(sections, page, dataset);
  const troubled = new Set(board.filter((entry) => needsAttention(entry)).map((entry) => entry.dataset));
  const hasTrouble = ({ all }: Section) => all.some((name) => troubled.has(name));
  return (
    <div className="flex min-w-0 flex-col">
      <nav
        aria-label={owner.kind === "corporation" ? "Corporation" : "Character"}
        className="scroll-quiet -mx-4 flex gap-0.5 overflow-x-auto border-line border-b px-4 sm:mx-0 sm:px-0"
      >
        {sections.map((section) => (
          <Tab key={section.group} active={section === current} trouble={hasTrouble(section)}>
            <Link {...sectionLink(owner, section.slug)}>{section.title}</Link>
          </Tab>
        ))}
        <Tab active={page === "changes"}>
          <Link {...changesLink(owner)}>Changes</Link>
        </Tab>
        {owner.kind === "corporation" ? (
          <Tab active={page === "directors"}>
            <Link to="/corporations/$corporationId/directors" params={{ corporationId: owner.id }}>
              Directors
            </Link>
          </Tab>
        ) : null}
      </nav>
      {current && current.main.length + current.supporting.length > 1 ? (
        <SubNav
          owner={owner}
          section={current}
          dataset={dataset ?? current.home}
          states={new Map(board.map((entry) => [entry.dataset, entry]))}
        />
      ) : null}
    </div>
  );
}

/** Scrolls sideways only; `scrollIntoView` would move the page as well. */
function centre(strip: HTMLElement, item: HTMLElement): void {
  const offset = item.getBoundingClientRect().left - strip.getBoundingClientRect().left;
  strip.scrollLeft += offset - (strip.clientWidth - item.clientWidth) / 2;
}

function Tab({ active, trouble = false, children }: { active: boolean; trouble?: boolean; children: ReactNode }) {
  const self = useRef<HTMLSpanElement>(null);
  // On a phone the tabs are wider than the screen: the chosen one must not hide.
  useEffect(() => {
    const tab = self.current;
    if (active && tab?.parentElement) centre(tab.parentElement, tab);
  }, [active]);
  return (
    <span
      ref={self}
      className={cx(
        "relative shrink-0 [&_a]:-mb-px [&_a]:flex [&_a]:h-9 [&_a]:items-center [&_a]:border-b-2 [&_a]:px-2.5",
        active
          ? "[&_a]:border-accent [&_a]:font-medium [&_a]:text-ink"
          : "[&_a]:border-transparent [&_a]:text-muted hover:[&_a]:text-ink",
      )}
    >
      {children}
      {trouble ? <Dot tone="failed" className="absolute top-2 right-0.5" /> : null}
    </span>
  );
}

interface SubNavProps {
  owner: Owner;
  section: Section;
  dataset: string | undefined;
  states: Map<string, Freshness>;
}

const pill =
  "flex h-7 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md px-2 text-muted text-xs hover:bg-hover/70 hover:text-ink";

function SubNav({ owner, section, dataset, states }: SubNavProps) {
  const strip = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dataset marks another pill
  useEffect(() => {
    const active = strip.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (strip.current && active) centre(strip.current, active);
  }, [dataset]);
  const chosen = section.supporting.find(({ name }) => name === dataset);
  return (
    <nav
      ref={strip}
      aria-label={section.title}
      className="scroll-quiet -mx-4 flex gap-0.5 overflow-x-auto px-4 pt-2 sm:mx-0 sm:px-0"
    >
      {section.main.map(({ name, title, label = title }) => {
        const active = name === dataset;
        const state = states.get(name);
        return (
          <Link
            key={name}
            {...(name === section.home ? sectionLink(owner, section.slug) : datasetLink(owner, name))}
            aria-current={active ? "page" : undefined}
            className={cx(pill, active && "bg-hover font-medium text-ink")}
          >
            {label}
            {state && needsAttention(state) ? <Dot tone="failed" /> : null}
          </Link>
        );
      })}
      {section.supporting.length > 0 ? (
        <Menu
          trigger={
            <button type="button" className={cx(pill, chosen && "bg-hover font-medium text-ink")}>
              {chosen?.title ?? "More lists"}
              <ChevronDown className="size-3.5" aria-hidden />
            </button>
          }
        >
          {section.supporting.map(({ name, title }) => (
            <MenuItem key={name} asChild>
              <Link {...datasetLink(owner, name)}>{title}</Link>
            </MenuItem>
          ))}
        </Menu>
      ) : null}
    </nav>
  );
}
