import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { LoginErrorToast } from "../session/login-error-toast.tsx";
import { sessionQuery } from "../session/query.ts";
import { Shell } from "./shell.tsx";

const Toaster = lazy(() => import("./toaster.tsx"));

export function Root() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const atStart = useRouterState({ select: (state) => state.location.pathname === "/" });
  return (
    <>
      {session.user && !atStart ? (
        <Shell user={session.user}>
          <LoginErrorToast />
          <Outlet />
        </Shell>
      ) : (
        <Outlet />
      )}
      <Suspense>
        <Toaster />
      </Suspense>
    </>
  );
}
