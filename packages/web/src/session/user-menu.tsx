import { useNavigate } from "@tanstack/react-router";
import { LogOut, MonitorX, UsersRound } from "lucide-react";
import type { User } from "../api/contract.ts";
import { Button } from "../ui/button.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { notifyError } from "../ui/notify.ts";
import { logout, logoutEverywhere } from "./query.ts";

export function UserMenu({ user }: { user: User }) {
  const navigate = useNavigate();
  // A full load drops everything that this page still holds of the user.
  const leave = (end: () => Promise<unknown>) =>
    end().then(
      () => location.assign("/"),
      (error: Error) => notifyError("You are still logged in", { description: error.message }),
    );
  return (
    <Menu
      align="end"
      trigger={
        <Button look="quiet" aria-label={`Account of ${user.main.name}`} data-testid="user-menu" className="px-1.5">
          <EveImage kind="character" id={user.main.characterId} name={user.main.name} size={24} />
          <span className="max-w-36 truncate max-md:sr-only">{user.main.name}</span>
        </Button>
      }
    >
      <MenuLabel>{user.main.name}</MenuLabel>
      <MenuItem onSelect={() => void navigate({ to: "/characters" })}>
        <UsersRound />
        Characters
      </MenuItem>
      <MenuSeparator />
      <MenuItem data-testid="logout" onSelect={() => void leave(logout)}>
        <LogOut />
        Log out
      </MenuItem>
      <MenuItem onSelect={() => void leave(logoutEverywhere)}>
        <MonitorX />
        Log out everywhere
      </MenuItem>
    </Menu>
  );
}
