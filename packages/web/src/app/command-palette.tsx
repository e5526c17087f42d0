import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { fold } from "@tapi/core/platform/fold";
import { Command, defaultFilter } from "cmdk";
import {
  Database,
  History,
  Keyboard,
  LayoutDashboard,
  LogOut,
  Plus,
  ShieldCheck,
  UserPlus,
  UsersRound,
} from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { characterOwner, corporationOwner, type Owner } from "../api/owner.ts";
import { changesLink, datasetLink, sectionLink } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { charactersQuery } from "../character/query.ts";
import { useCharactersWithData } from "../character/with-data.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { logout, sessionQuery, shareUrl } from "../session/query.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { useReturnFocus } from "../ui/return-focus.ts";

/** Letters are compared as everywhere else: whatever their case, accents and width. */
const folded = (value: string, typed: string): number => defaultFilter(fold(value), fold(typed));

/** Ctrl K: go to a corporation, a dataset, a character, or do something, by typing a few letters of it. */
export default function CommandPalette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const navigate = useNavigate();
  const focus = useReturnFocus();
  const { corporationId, characterId } = useParams({ strict: false });
  const corporations = useQuery(corporationsQuery).data ?? [];
  const characters = useQuery(charactersQuery).data ?? [];
  const admin = useQuery(sessionQuery).data?.user?.admin ?? false;
  const withData = useCharactersWithData();
  const character = withData.find((one) => one.characterId === characterId);
  const corporation = corporations.find((one) => one.corporationId === corporationId) ?? corporations[0];
  const run = (action: () => unknown) => () => {
    onClose();
    action();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-void/70 backdrop-blur-[2px]" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.goBackIfLost}
          className="-translate-x-1/2 fixed top-[14vh] left-1/2 z-50 w-[min(36rem,calc(100vw-1.5rem))] animate-appear overflow-hidden rounded-xl bg-panel shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Go to anything</Dialog.Title>
          <Command loop filter={folded}>
            <Command.Input
              placeholder="Corporation, dataset, character, action…"
              className="h-12 w-full border-line border-b bg-transparent px-4 text-ink text-sm outline-none"
            />
            <Command.List className="scroll-quiet max-h-[min(24rem,60vh)] scroll-py-2 overflow-y-auto p-1.5">
              <Command.Empty className="py-10 text-center text-muted">Nothing matches.</Command.Empty>
              {character ? (
                <OwnerItems owner={characterOwner(character.characterId)} name={character.name} run={run} />
              ) : null}
              {corporation && !character ? (
                <OwnerItems owner={corporationOwner(corporation.corporationId)} name={corporation.name} run={run} />
              ) : null}
              <Group heading="Corporations">
                {corporations.map((one) => (
                  <Item
                    key={one.corporationId}
                    icon={<EveImage kind="corporation" id={one.corporationId} name={one.name} size={20} />}
                    value={`${one.name} ${one.ticker}`}
                    onSelect={run(() =>
                      navigate({ to: "/corporations/$corporationId", params: { corporationId: one.corporationId } }),
                    )}
                  >
                    {one.name}
                    <span className="text-faint">{one.ticker}</span>
                  </Item>
                ))}
              </Group>
              <Group heading="Characters">
                {characters.map((one) => (
                  <Item
                    key={one.characterId}
                    icon={<EveImage kind="character" id={one.characterId} name={one.name} size={20} />}
                    value={`${one.name} character`}
                    onSelect={run(() =>
                      navigate(
                        withData.length > 0 ? sectionLink(characterOwner(one.characterId), "") : { to: "/characters" },
                      ),
                    )}
                  >
                    {one.name}
                    <span className="truncate text-faint">{one.corporationName}</span>
                  </Item>
                ))}
              </Group>
              <Group heading="Actions">
                <Item icon={<LayoutDashboard />} value="dashboard" onSelect={run(() => navigate({ to: "/dashboard" }))}>
                  Dashboard
                </Item>
                <Item icon={<UsersRound />} value="characters" onSelect={run(() => navigate({ to: "/characters" }))}>
                  Characters
                </Item>
                {admin ? (
                  <Item
                    icon={<ShieldCheck />}
                    value="administration dead letters queues audit"
                    onSelect={run(() => navigate({ to: "/admin" }))}
                  >
                    Administration
                  </Item>
                ) : null}
                <Item
                  icon={<Plus />}
                  value="add corporation"
                  onSelect={run(() => navigate({ to: "/dashboard", search: { add: "choose" } }))}
                >
                  Add a corporation
                </Item>
                <Item
                  icon={<UserPlus />}
                  value="add character"
                  onSelect={run(() => location.assign(shareUrl("/characters")))}
                >
                  Add a character
                </Item>
                <Item icon={<Keyboard />} value="keyboard shortcuts help" onSelect={run(onHelp)}>
                  Keyboard shortcuts
                </Item>
                <Item
                  icon={<LogOut />}
                  value="log out"
                  onSelect={run(() => void logout().then(() => location.assign("/")))}
                >
                  Log out
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface OwnerItemsProps {
  owner: Owner;
  name: string;
  /** Closes the palette before the action. */
  run: (action: () => unknown) => () => void;
}

/** The pages of one owner. */
function OwnerItems({ owner, name, run }: OwnerItemsProps) {
  const navigate = useNavigate();
  const datasets = useQuery(catalogueQuery(owner.kind)).data ?? [];
  if (datasets.length === 0) return null;
  return (
    <Group heading={name}>
      {datasets.map((dataset) => (
        <Item
          key={dataset.name}
          icon={<Database />}
          value={`${name} ${dataset.group} ${dataset.title} ${dataset.name}`}
          onSelect={run(() => navigate(datasetLink(owner, dataset.name)))}
        >
          {dataset.title}
          <span className="ml-auto text-faint text-xs">{dataset.group}</span>
        </Item>
      ))}
      {owner.kind === "corporation" ? (
        <Item
          icon={<UsersRound />}
          value={`${name} directors roles scopes budgets`}
          onSelect={run(() =>
            navigate({ to: "/corporations/$corporationId/directors", params: { corporationId: owner.id } }),
          )}
        >
          Directors
        </Item>
      ) : null}
      <Item
        icon={<History />}
        value={`${name} changes history feed`}
        onSelect={run(() => navigate(changesLink(owner)))}
      >
        Changes
      </Item>
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: ReactNode;
  value: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ icon, value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-soft data-[selected=true]:bg-hover data-[selected=true]:text-ink [&>svg]:size-4 [&>svg]:text-muted"
    >
      {icon}
      {children}
    </Command.Item>
  );
}
