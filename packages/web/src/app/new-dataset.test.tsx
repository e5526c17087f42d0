// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { dataset, entry, id, loggedIn } from "../../test/corporation.ts";
import { page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();
const at = `/corporations/${id}`;
const column = (key: string) => ({ key, title: key, kind: "text" }) as const;

/** Datasets of which the web knows no more than what the catalogue says. */
beforeEach(() => {
  loggedIn(network);
  network.answer("GET /datasets", [
    dataset("public-info", { title: "Corporation", group: "Corporation", place: "front" }),
    dataset("moon-rocks", { title: "Moon rocks", group: "Astronomy", place: "home", columns: [column("rock")] }),
    dataset("comets", { title: "Comets", label: "Comets in sight", group: "Astronomy", columns: [column("comet")] }),
    dataset("dust", { title: "Dust", group: "Astronomy", place: "supporting", columns: [column("grain")] }),
  ]);
  network.answer(
    `GET ${at}/freshness`,
    ["public-info", "moon-rocks", "comets", "dust"].map((name) => entry(name)),
  );
  network.answer(`GET ${at}/datasets/moon-rocks/rows`, page([{ rock: "Bitumens" }]));
  network.answer(`GET ${at}/datasets/comets/rows`, page([{ comet: "Halley" }]));
  network.answer(`GET ${at}/datasets/dust/rows`, page([{ grain: "A speck" }]));
});

test("the group of a new dataset has its tab, and its address opens with the home's table", async () => {
  const { user, router } = openApp(`${at}/directors`);
  const tabs = within(await screen.findByRole("navigation", { name: "Corporation" }));
  expect(tabs.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
    ...["Overview", "Astronomy", "Changes", "Directors"],
  ]);

  await user.click(tabs.getByRole("link", { name: "Astronomy" }));

  await screen.findByText("Bitumens");
  expect(router.state.location.pathname).toBe(`${at}/astronomy`);
  await waitFor(() => expect(document.title).toBe(`Astronomy · Corporation ${id} · TAPI`));
});

test("new datasets stand in their section's list by place and label, and have a table of their own", async () => {
  const { user, router } = openApp(`${at}/astronomy`);
  const list = within(await screen.findByRole("navigation", { name: "Astronomy" }));
  expect(list.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["Moon rocks", "Comets in sight"]);

  await user.click(list.getByRole("link", { name: "Comets in sight" }));
  await screen.findByText("Halley");
  expect(router.state.location.pathname).toBe(`${at}/data/comets`);
  // The list stands still while the page changes.
  await user.click(list.getByRole("button", { name: "More lists" }));
  await user.click(await screen.findByRole("menuitem", { name: "Dust" }));

  await screen.findByText("A speck");
  expect(router.state.location.pathname).toBe(`${at}/data/dust`);
});

test("the palette leads to a new dataset", async () => {
  const { user, router } = openApp(`${at}/directors`);
  await screen.findByRole("navigation", { name: "Corporation" });
  fireEvent.keyDown(window, { key: "k", ctrlKey: true });

  await user.type(await screen.findByRole("combobox"), "dust");
  await user.click(await screen.findByRole("option", { name: /Dust/ }));

  await screen.findByText("A speck");
  expect(router.state.location.pathname).toBe(`${at}/data/dust`);
});

test("an address without a section says so", async () => {
  openApp(`${at}/nonsense`);

  await screen.findByText("There is no such dataset");
});
