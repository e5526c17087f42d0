import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { LoginErrorToast } from "../session/login-error-toast.tsx";
import { sessionQuery } from "../session/query.ts";
import { loadShell } from "./load-shell.ts";

const Shell = lazy(loadShell);
const Toaster = lazy(() => import("./toaster.tsx"));

export function Root() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const atStart = useRouterState({ select: (state) => state.location.pathname === "/" });
  return (
    <>
      {session.user && !atStart ? (
        <Suspense>
          <Shell user={session.user}>
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
