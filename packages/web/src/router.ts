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
import { loadShell } from "./app/load-shell.ts";
import { NotFound } from "./app/not-found.tsx";
import { Root } from "./app/root.tsx";
import { RouteFailed } from "./app/route-failed.tsx";
import { assetSummaryQuery } from "./assets/query.ts";
import { charactersQuery } from "./character/query.ts";
import { corporationQuery, corporationsQuery, directorsQuery, freshnessQuery } from "./corporation/query.ts";
import { datasetsQuery, rowsQuery } from "./dataset/query.ts";
import { parseTableSearch } from "./dataset/table-search.ts";
import { feedQuery } from "./history/query.ts";
import { parseChangesSearch } from "./history/search.ts";
import { activityQuery } from "./members/query.ts";
import { sessionQuery } from "./session/query.ts";
import { safeReturnTo } from "./session/return-to.ts";
import { PageSkeleton } from "./ui/skeleton.tsx";
import { walletSummaryQuery } from "./wallet/query.ts";
import { parseWalletSearch } from "./wallet/wallet-search.ts";

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

/** What a page needs is asked for while its code is still on the way; the page itself waits and shows what failed. */
const begin = (asked: Promise<void>) => void asked;

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
    begin(context.queries.prefetchQuery(corporationsQuery));
    begin(context.queries.prefetchQuery(charactersQuery));
  },
  validateSearch: (search: Record<string, unknown>): { add?: "choose" } =>
    search.add === "choose" ? { add: "choose" } : {},
  component: lazyRouteComponent(() => import("./corporation/dashboard-page.tsx"), "DashboardPage"),
});

const charactersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/characters",
  beforeLoad: requireUser,
  component: lazyRouteComponent(() => import("./character/characters-page.tsx"), "CharactersPage"),
});

const corporationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/corporations/$corporationId",
  params: {
    parse: ({ corporationId }) => {
      if (!/^[1-9]\d{0,15}$/.test(corporationId)) throw notFound();
      return { corporationId: Number(corporationId) };
    },
    stringify: ({ corporationId }) => ({ corporationId: String(corporationId) }),
  },
  beforeLoad: requireUser,
  loader: ({ context, params }) => {
    begin(context.queries.prefetchQuery(corporationQuery(params.corporationId)));
    begin(context.queries.prefetchQuery(freshnessQuery(params.corporationId)));
    begin(context.queries.prefetchQuery(datasetsQuery));
  },
  component: lazyRouteComponent(() => import("./corporation/layout.tsx"), "CorporationLayout"),
});

const overviewRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/",
  loader: ({ context, params }) => {
    begin(context.queries.prefetchQuery(walletSummaryQuery(params.corporationId, 30)));
    begin(context.queries.prefetchQuery(directorsQuery(params.corporationId)));
    begin(context.queries.prefetchInfiniteQuery(feedQuery(params.corporationId, {})));
  },
  component: lazyRouteComponent(() => import("./corporation/overview-page.tsx"), "OverviewPage"),
});

const membersRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/members",
  validateSearch: parseTableSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    begin(context.queries.prefetchInfiniteQuery(rowsQuery(params.corporationId, "member-tracking", deps)));
    begin(context.queries.prefetchQuery(activityQuery(params.corporationId)));
  },
  component: lazyRouteComponent(() => import("./members/members-page.tsx"), "MembersPage"),
});

const walletRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/wallet",
  validateSearch: parseWalletSearch,
  loaderDeps: ({ search: { days = 30 } }) => ({ days }),
  loader: ({ context, params, deps }) => {
    begin(context.queries.prefetchQuery(walletSummaryQuery(params.corporationId, deps.days)));
  },
  component: lazyRouteComponent(() => import("./wallet/wallet-page.tsx"), "WalletPage"),
});

const assetsRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/assets",
  validateSearch: parseTableSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    begin(context.queries.prefetchQuery(assetSummaryQuery(params.corporationId)));
    begin(context.queries.prefetchInfiniteQuery(rowsQuery(params.corporationId, "assets", deps)));
  },
  component: lazyRouteComponent(() => import("./assets/assets-page.tsx"), "AssetsPage"),
});

const datasetRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/data/$dataset",
  validateSearch: parseTableSearch,
  component: lazyRouteComponent(() => import("./dataset/dataset-page.tsx"), "DatasetPage"),
});

const directorsRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/directors",
  loader: ({ context, params }) => begin(context.queries.prefetchQuery(directorsQuery(params.corporationId))),
  component: lazyRouteComponent(() => import("./director/directors-page.tsx"), "DirectorsPage"),
});

const changesRoute = createRoute({
  getParentRoute: () => corporationRoute,
  path: "/changes",
  validateSearch: parseChangesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    if (!deps.compare) begin(context.queries.prefetchInfiniteQuery(feedQuery(params.corporationId, deps)));
  },
  component: lazyRouteComponent(() => import("./history/changes-page.tsx"), "ChangesPage"),
});

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
  corporationRoute.addChildren([
    overviewRoute,
    membersRoute,
    walletRoute,
    assetsRoute,
    datasetRoute,
    directorsRoute,
    changesRoute,
  ]),
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
