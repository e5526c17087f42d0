// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { show } from "../../test/page.tsx";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Menu, MenuItem } from "./menu.tsx";
import { Popover } from "./popover.tsx";

type Opens = "popover" | "dialog";

/** A menu whose choice opens something that has no button of its own to stand at. */
function Page() {
  const [open, setOpen] = useState<Opens>();
  const change = (next: boolean) => next || setOpen(undefined);
  return (
    <main id="main" tabIndex={-1}>
      <Menu trigger={<Button>Menu</Button>}>
        <MenuItem onSelect={() => setOpen("popover")}>popover</MenuItem>
        <MenuItem onSelect={() => setOpen("dialog")}>dialog</MenuItem>
      </Menu>
      {open === "popover" ? (
        <Popover open onOpenChange={change} trigger={<Button>Place</Button>}>
          <button type="button">inside popover</button>
        </Popover>
      ) : null}
      <Dialog open={open === "dialog"} onOpenChange={change} title="Title">
        <button type="button">inside dialog</button>
      </Dialog>
    </main>
  );
}

const focused = () => document.activeElement?.textContent;

test.each<Opens>(["popover", "dialog"])(
  "a %s that a menu opens keeps the focus that it takes, and Escape leads back to the menu's button",
  async (opens) => {
    const { user } = show(<Page />);

    await user.click(await screen.findByRole("button", { name: "Menu" }));
    await user.click(await screen.findByRole("menuitem", { name: opens }));

    await waitFor(() => expect(focused()).toBe(`inside ${opens}`));
    // Whatever would take it away has been queued by now.
    await new Promise((done) => requestAnimationFrame(done));
    expect(screen.getByText(`inside ${opens}`).isConnected).toBe(true);

    await user.keyboard("{Escape}");

    await waitFor(() => expect(focused()).toBe("Menu"));
    expect(screen.queryByText(`inside ${opens}`)).toBeNull();
  },
);

test("with the keyboard alone a menu's choice opens what it promises", async () => {
  const { user } = show(<Page />);
  (await screen.findByRole("button", { name: "Menu" })).focus();

  await user.keyboard("{Enter}");
  await screen.findByRole("menuitem", { name: "popover" });
  await user.keyboard("{Enter}");

  await waitFor(() => expect(focused()).toBe("inside popover"));
  await new Promise((done) => requestAnimationFrame(done));
  expect(focused()).toBe("inside popover");
});
