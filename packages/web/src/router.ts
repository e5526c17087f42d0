import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { parseAdminSearch } from "./admin/search.ts";
import { characterOwner, corporationOwner, type Owner } from "./api/owner.ts";
import { loadShell } from "./app/load-shell.ts";
import { NotFound } from "./app/not-found.tsx";
import { Root } from "./app/root.tsx";
import { RouteFailed } from "./app/route-failed.tsx";
import { datasetLink } from "./catalogue/links.ts";
import { datasetsOf, datasetsQuery } from "./catalogue/query.ts";
import { sectionAt, sectionsOf } from "./catalogue/sections.ts";
import { charactersQuery } from "./character/query.ts";
import { corporationQuery, corporationsQuery } from "./corporation/query.ts";
import { rowsQuery } from "./dataset/query.ts";
import { parseTableSearch, type TableSearch } from "./dataset/table-search.ts";
import { directorsQuery } from "./director/query.ts";
import { freshnessQuery } from "./freshness/query.ts";
import { feedQuery } from "./history/query.ts";
import { parseChangesSearch } from "./history/search.ts";
import { customViews } from "./pages/views.ts";
import { sessionQuery } from "./session/query.ts";
import { safeReturnTo } from "./session/return-to.ts";
import { PageSkeleton } from "./ui/skeleton.tsx";
import { walletSummaryQuery } from "./wallet/query.ts";

interface Context {
  queries: QueryClient;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const rootRoute = createRootRouteWithContext<Context>()({
  component: Root,
  notFoundComponent: NotFound,
  beforeLoad: ({ context }) => context.queries.ensureQueryData(sessionQuery),
  validateSearch: (search: Record<string, unknown>): { error?: string } => {
    const error = text(search.error);
    return error ? { error } : {};
  },
});

/** Somebody who is not logged in goes to the start, and from there, logged in, back to where they wanted to be. */
async function requireUser({ context, location }: { context: Context; location: { href: string; search: object } }) {
  const session = await context.queries.ensureQueryData(sessionQuery);
  if (session.user) {
    void loadShell();
    return;
  }
  const error = "error" in location.search ? text(location.search.error) : undefined;
  throw redirect({ to: "/", search: { returnTo: location.href, ...(error ? { error } : {}) } });
}

/** Fetches what a page needs while its code still loads. The page itself waits and shows failures. */
const prefetch = (query: Promise<void>) => void query;

const landingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { returnTo?: string } => {
    const returnTo = safeReturnTo(search.returnTo);
    return returnTo ? { returnTo } : {};
  },
  beforeLoad: async ({ context, search }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session.user) throw redirect({ to: "/dashboard", search: search.error ? { error: search.error } : {} });
  },
  component: lazyRouteComponent(() => import("./session/landing-page.tsx"), "LandingPage"),
});

const dashboardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/dashboard",
  beforeLoad: requireUser,
  loader: ({ context }) => {
    prefetch(context.queries.prefetchQuery(corporationsQuery));
    prefetch(context.queries.prefetchQuery(charactersQuery));
  },
  validateSearch: (search: Record<string, unknown>): { add?: "choose" } =>
    search.add === "choose" ? { add: "choose" } : {},
  component: lazyRouteComponent(() => import("./dashboard/dashboard-page.tsx"), "DashboardPage"),
});

const charactersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/characters",
  beforeLoad: requireUser,
  component: lazyRouteComponent(() => import("./character/characters-page.tsx"), "CharactersPage"),
});

const idFrom = (text: string): number => {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw notFound();
  return Number(text);
};

const corporationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/corporations/$corporationId",
  params: {
    parse: ({ corporationId }) => ({ corporationId: idFrom(corporationId) }),
    stringify: ({ corporationId }) => ({ corporationId: String(corporationId) }),
  },
  beforeLoad: requireUser,
  loader: ({ context, params }) => {
    prefetch(context.queries.prefetchQuery(corporationQuery(params.corporationId)));
    prefetch(context.queries.prefetchQuery(freshnessQuery(corporationOwner(params.corporationId))));
    prefetch(context.queries.prefetchQuery(datasetsQuery));
  },
  component: lazyRouteComponent(() => import("./pages/corporation-layout.tsx"), "CorporationLayout"),
});

const characterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/characters/$characterId",
  params: {
    parse: ({ characterId }) => ({ characterId: idFrom(characterId) }),
    stringify: ({ characterId }) => ({ characterId: String(characterId) }),
  },
  beforeLoad: requireUser,
  loader: ({ context, params }) => {
    prefetch(context.queries.prefetchQuery(charactersQuery));
    prefetch(context.queries.prefetchQuery(freshnessQuery(characterOwner(params.characterId))));
    prefetch(context.queries.prefetchQuery(datasetsQuery));
  },
  component: lazyRouteComponent(() => import("./pages/character-layout.tsx"), "CharacterLayout"),
});

const overviewRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/",
  loader: ({ context, params }) => {
    prefetch(context.queries.prefetchQuery(walletSummaryQuery(params.corporationId, 30)));
    prefetch(context.queries.prefetchQuery(directorsQuery(params.corporationId)));
    prefetch(context.queries.prefetchInfiniteQuery(feedQuery(corporationOwner(params.corporationId), {})));
  },
  component: lazyRouteComponent(() => import("./overview/overview-page.tsx"), "OverviewPage"),
});

const characterOverviewRoute = createRoute({
  getParentRoute: () => characterRoute,
  path: "/",
  loader: ({ context, params }) =>
    prefetch(context.queries.prefetchInfiniteQuery(feedQuery(characterOwner(params.characterId), {}))),
  component: lazyRouteComponent(() => import("./overview/character-overview-page.tsx"), "CharacterOverviewPage"),
});

const directorsRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/directors",
  loader: ({ context, params }) => prefetch(context.queries.prefetchQuery(directorsQuery(params.corporationId))),
  component: lazyRouteComponent(() => import("./director/directors-page.tsx"), "DirectorsPage"),
});

/** The parameters that a page's own address and those around it have. */
interface OwnerParams {
  corporationId?: number;
  characterId?: number;
  section?: string;
  dataset?: string;
}

const ownerOf = ({ corporationId, characterId }: OwnerParams): Owner =>
  characterId === undefined ? corporationOwner(Number(corporationId)) : characterOwner(characterId);

/** The addresses that every kind of owner has alike. */
function ownerRoutes<Parent extends typeof corporationRoute | typeof characterRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  // Custom pages keep more in the address than a table does.
  const validateSearch = (search: Record<string, unknown>): TableSearch & Record<string, unknown> => ({
    ...search,
    ...parseTableSearch(search),
  });
  return [
    createRoute({
      getParentRoute,
      path: "/data/$dataset",
      validateSearch,
      loaderDeps: ({ search }) => search,
      loader: ({ context: { queries }, params, deps }) => {
        const { dataset = "", ...rest }: OwnerParams = params;
        prefetchDataset(queries, ownerOf(rest), dataset, deps);
      },
      component: lazyRouteComponent(() => import("./pages/dataset-page.tsx"), "DatasetPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/changes",
      validateSearch: parseChangesSearch,
      loaderDeps: ({ search }) => search,
      loader: ({ context: { queries }, params, deps }) => {
        if (!deps.compare) prefetch(queries.prefetchInfiniteQuery(feedQuery(ownerOf(params), deps)));
      },
      component: lazyRouteComponent(() => import("./history/changes-page.tsx"), "ChangesPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/$section",
      validateSearch,
      beforeLoad: ({ params, search }) => {
        const { section, ...rest }: OwnerParams = params;
        const { table, ...kept } = search;
        // The wallet's address of former times named the list in it.
        if (section !== "wallet" || table === undefined) return;
        const dataset = table === "transactions" ? "wallet-transactions" : "wallet-journal";
        throw redirect({ ...datasetLink(ownerOf(rest), dataset), search: kept, replace: true });
      },
      loaderDeps: ({ search }) => search,
      loader: ({ context: { queries }, params, deps }) => {
        const { section = "", ...rest }: OwnerParams = params;
        prefetchSection(queries, ownerOf(rest), section, deps);
      },
      component: lazyRouteComponent(() => import("./pages/dataset-page.tsx"), "SectionPage"),
    }),
  ] as const;
}

function prefetchSection(queries: QueryClient, owner: Owner, section: string, search: Record<string, unknown>): void {
  const start = queries.ensureQueryData(datasetsQuery).then((datasets) => {
    const home = sectionAt(sectionsOf(datasetsOf(owner.kind, datasets)), section, undefined)?.home;
    if (home) prefetchDataset(queries, owner, home, search);
  });
  // The page itself shows what does not load.
  prefetch(start.catch(() => undefined));
}

function prefetchDataset(queries: QueryClient, owner: Owner, dataset: string, search: Record<string, unknown>): void {
  customViews[owner.kind][dataset]?.prefetch(queries, owner, search);
  prefetch(queries.prefetchInfiniteQuery(rowsQuery(owner, dataset, parseTableSearch(search))));
}

const adminRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/admin",
  beforeLoad: async (to) => {
    await requireUser(to);
    const { user } = await to.context.queries.ensureQueryData(sessionQuery);
    if (!user?.admin) throw notFound();
  },
  validateSearch: parseAdminSearch,
  component: lazyRouteComponent(() => import("./admin/admin-page.tsx"), "AdminPage"),
});

const routeTree = rootRoute.addChildren([
  landingRoute,
  dashboardRoute,
  charactersRoute,
  adminRoute,
  corporationRoute.addChildren([overviewRoute, directorsRoute, ...ownerRoutes(corporationRoute)]),
  characterRoute.addChildren([characterOverviewRoute, ...ownerRoutes(characterRoute)]),
]);

export function buildRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    // The query cache decides what is new enough, not the router.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: RouteFailed,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof buildRouter>;
  }
}
