import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { cleanup, configure, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach } from "vitest";
import { createQueryClient } from "../src/api/query-client.ts";
import { buildRouter } from "../src/router.ts";

// A busy machine is slow; a missing element still fails.
configure({ asyncUtilTimeout: 15_000 });

const opened: QueryClient[] = [];

afterEach(() => {
  cleanup();
  for (const queries of opened.splice(0)) queries.clear();
  localStorage.clear();
});

const client = (): QueryClient => {
  const queries = createQueryClient({ onSignedOut: () => undefined, onSlowedDown: () => undefined });
  opened.push(queries);
  return queries;
};

// The test document has no layout: with a fixed size a table's scroller draws its rows.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => 600 },
  clientWidth: { configurable: true, get: () => 1200 },
});

/** One part of a page, outside of the app's routes. */
export function show(part: ReactNode) {
  const queries = client();
  const root = createRootRoute();
  const anywhere = createRoute({ getParentRoute: () => root, path: "$", component: () => part });
  const router = createRouter({
    routeTree: root.addChildren([anywhere]),
    history: createMemoryHistory({ initialEntries: ["/here"] }),
  });
  const view = render(
    <QueryClientProvider client={queries}>
      <Tooltip.Provider>
        <RouterProvider router={router as never} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return { ...view, user: userEvent.setup(), queries };
}

/** The whole app at an address. */
export function openApp(address: string) {
  window.history.replaceState({}, "", address);
  const queries = client();
  const router = buildRouter(queries);
  const view = render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { ...view, user: userEvent.setup(), queries, router };
}
