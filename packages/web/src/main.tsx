import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query-client.ts";
import { buildRouter } from "./router.ts";
import { sessionQuery } from "./session/query.ts";
import { notify } from "./ui/notify.ts";

const queries = createQueryClient({
  // The session ended elsewhere: forget the user, and let the routes send the browser to the start.
  onSignedOut: () => {
    queries.setQueryData(sessionQuery.queryKey, { user: null });
    void router.invalidate();
  },
  onSlowedDown: () =>
    notify("Slow down a little", {
      id: "too-many-requests",
      description: "This session asked for more than it may in a minute. The rest arrives by itself within a minute.",
    }),
});
const router = buildRouter(queries);

const element = document.getElementById("root");
if (!element) throw new Error("index.html has no #root element");

createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
