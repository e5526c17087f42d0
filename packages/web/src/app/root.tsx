import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { LoginErrorToast } from "../session/login-error-toast.tsx";
import { sessionQuery } from "../session/query.ts";
import { loadShell } from "./load-shell.ts";

const Shell = lazy(loadShell);
const Toaster = lazy(() => import("./toaster.tsx"));

export function Root() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  // By the page that is shown: on the way to the start page the address is its own before it is there.
  const atStart = useRouterState({ select: ({ matches }) => matches.at(-1)?.pathname === "/" });
  // Of a session that ended elsewhere the page stays in its frame until the start page takes its place.
  const [user, setUser] = useState(session.user);
  if ((session.user || atStart) && user !== session.user) setUser(session.user);
  return (
    <>
      {user && !atStart ? (
        <Suspense>
          <Shell user={user}>
            <LoginErrorToast />
            <Outlet />
          </Shell>
        </Suspense>
      ) : (
        <Outlet />
      )}
      <Suspense>
        <Toaster />
      </Suspense>
    </>
  );
}
