import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { Dialog } from "radix-ui";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { connection } from "../api/connection.ts";
import type { User } from "../api/contract.ts";
import { characterOwner, corporationOwner, topicOf } from "../api/owner.ts";
import { followCharacters } from "../character/live.ts";
import { useCharactersWithData } from "../character/with-data.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { followOwners } from "../freshness/live.ts";
import { UserMenu } from "../session/user-menu.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { HintProvider } from "../ui/hint.tsx";
import { EveClock } from "./eve-clock.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Sidebar } from "./sidebar.tsx";
import { SocketBadge } from "./socket-badge.tsx";

const CommandPalette = lazy(() => import("./command-palette.tsx"));
const ShortcutList = lazy(() => import("./shortcut-list.tsx"));

/** The frame around every page of somebody who is logged in: navigation, live connection, palette. */
export default function Shell({ user, children }: { user: User; children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useShortcuts({ onPalette: () => setPalette(true), onHelp: () => setHelp(true) });
  useConnection();
  return (
    <HintProvider delayDuration={250}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh">
        <aside className="sticky top-0 h-dvh w-56 shrink-0 border-line border-r bg-surface max-lg:hidden">
          <Sidebar onPalette={() => setPalette(true)} />
        </aside>
        <div className="flex min-w-0 grow flex-col">
          <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-line border-b bg-void/85 px-3 backdrop-blur-md sm:px-5">
            <Drawer onPalette={() => setPalette(true)} />
            <div className="ml-auto flex items-center gap-1.5">
              <EveClock />
              <SocketBadge />
              <UserMenu user={user} />
            </div>
          </header>
          <main id="main" tabIndex={-1} className="w-full min-w-0 grow px-4 py-4 outline-none sm:px-5">
            {children}
          </main>
        </div>
      </div>
      <Suspense>
        {palette ? <CommandPalette onClose={() => setPalette(false)} onHelp={() => setHelp(true)} /> : null}
        {help ? <ShortcutList onClose={() => setHelp(false)} /> : null}
      </Suspense>
      <Boundary fallback={null}>
        <Topics />
      </Boundary>
    </HintProvider>
  );
}

/** Keeps the live connection while somebody is logged in. */
function useConnection(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stopFollowing = [followOwners(queries), followCharacters(queries)];
    const wake = () => {
      if (document.visibilityState === "visible") connection.start();
    };
    connection.start();
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      for (const stop of stopFollowing) stop();
      connection.stop();
    };
  }, [queries]);
}

/** Subscribes to the user's own topic, and to every corporation and character whose data they can see. */
function Topics() {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  const characters = useCharactersWithData();
  const owners = [
    ...corporations.map(({ corporationId }) => corporationOwner(corporationId)),
    ...characters.map(({ characterId }) => characterOwner(characterId)),
  ];
  const topics = owners.map(topicOf).join(" ");
  useEffect(() => {
    connection.setTopics(["user", ...topics.split(" ").filter((topic) => topic !== "")]);
  }, [topics]);
  return null;
}

/** The navigation where there is no room for a sidebar. */
function Drawer({ onPalette }: { onPalette: () => void }) {
  const [open, setOpen] = useState(false);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes whenever the page changes
  useEffect(() => setOpen(false), [pathname]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button look="quiet" size="icon" aria-label="Open the navigation" className="lg:hidden">
          <MenuIcon className="size-4.5!" />
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-void/70" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-64 bg-surface shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Navigation</Dialog.Title>
          <Sidebar
            onPalette={() => {
              setOpen(false);
              onPalette();
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
