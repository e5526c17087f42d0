// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { dataset, entry, id, loggedIn } from "../../test/corporation.ts";
import { failure, nothing, page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";
import type { Freshness } from "../api/contract.ts";

const network = scriptedNetwork();
const at = `/corporations/${id}`;
const column = (key: string, kind = "text") => ({ key, title: key, kind }) as never;

beforeEach(() => {
  loggedIn(network);
  const assets = [column("quantity"), column("type_id"), column("root_location_id", "location"), column("hangar")];
  network.answer("GET /datasets", [
    dataset("public-info", { group: "Corporation" }),
    dataset("assets", { columns: assets, group: "Assets" }),
    dataset("members", { columns: [column("name")], group: "Members" }),
    dataset("member-tracking", {
      place: "home",
      columns: [column("start_date"), column("logon_date", "date"), column("character_id")],
      group: "Members",
    }),
  ]);
  network.answer(`GET ${at}/datasets/members/rows`, page([{ name: "Plain name" }]));
  network.answer(
    `GET ${at}/datasets/member-tracking/rows`,
    page([{ character_id: "Tracked name", logon_date: "2020-01-01T00:00:00Z" }]),
  );
  network.answer(`GET ${at}/datasets/assets/rows`, page([{ type_id: "Tritanium", quantity: 5 }]));
  network.answer(`GET ${at}/assets/summary`, {
    count: 1234,
    quantity: "5678900",
    volumeM3: "1234567.8",
    locations: [
      { name: "Jita IV - Moon 4", count: 1000 },
      { name: "Elsewhere", count: 234 },
    ],
  });
});

const board = (entries: Freshness[]) => network.answer(`GET ${at}/freshness`, entries);
const headers = () => screen.getAllByRole("columnheader").map(({ textContent }) => textContent);

test.each<[string, Freshness[], string]>([
  ["tracking where it was read", [entry("members"), entry("member-tracking")], "Tracked name"],
  ["plain names where tracking never was", [entry("members"), entry("member-tracking", { version: 0 })], "Plain name"],
  ["plain names where tracking is unknown", [entry("members")], "Plain name"],
  ["tracking where neither was read", [entry("members", { version: 0 })], "Tracked name"],
  ["tracking before anything is known", [], "Tracked name"],
])("the roster shows %s", async (_, entries, name) => {
  board(entries);

  openApp(`${at}/members`);

  await screen.findByText(name);
  expect(headers()[0]).toBe(name === "Plain name" ? "name" : "Member");
});

test("the assets' page adds up what there is, names the busiest place, and groups by where things are", async () => {
  board([entry("assets")]);
  network.answer(`GET ${at}/datasets/assets/rows/facets`, (url: URL) =>
    url.searchParams.get("column") === "type_id"
      ? [{ value: "34", name: "Pyerite", count: 7 }]
      : [{ value: "60003760", name: "Jita", count: 5 }],
  );
  const { user, router } = openApp(`${at}/assets`);

  await waitFor(() => expect(screen.getByTestId("stat-assets-count").textContent).toBe("1,234"));
  expect(screen.getByTestId("stat-assets-quantity").textContent).toBe("5,678,900");
  expect(screen.getByText("Volume").nextElementSibling?.textContent).toBe("1.23 M m³");
  const busiest = screen.getByText("Busiest place").parentElement;
  expect(busiest?.textContent).toMatch(/^Busiest placeJita IV - Moon 41,000 items · /);
  await screen.findByText("Tritanium");
  expect(headers()).toEqual(["type_id", "quantity", "root_location_id", "hangar"]);
  const clear = () => screen.queryByRole("button", { name: "Show all groups' rows" });
  expect(clear()).toBeNull();

  await user.click(await screen.findByText("Jita"));

  await waitFor(() => expect(router.state.location.search).toEqual({ f: { root_location_id: ["60003760"] } }));
  await user.click(clear() as HTMLElement);
  await waitFor(() => expect(router.state.location.search).toEqual({}));
  await user.click(screen.getByRole("radio", { name: "Type" }));
  await screen.findByText("Pyerite");
});

test("without assets there is no busiest place", async () => {
  board([entry("assets")]);
  network.answer(`GET ${at}/assets/summary`, { count: 0, quantity: "0", volumeM3: "0", locations: [] });

  openApp(`${at}/assets`);

  const title = await screen.findByText("Busiest place");
  expect(title.nextElementSibling?.textContent).toBe("–");
  expect(title.parentElement?.textContent).not.toMatch(/item/);
});

test("a dataset that does not exist is distinguished from an empty one", async () => {
  board([entry("assets")]);

  openApp(`${at}/data/nonsense`);

  await screen.findByText("There is no such dataset");
});

test("the past of a dataset says that it is the past, links to what changed since, and leads back", async () => {
  board([entry("assets")]);
  network.answer(`GET ${at}/datasets/assets/rows`, (url: URL) =>
    page([url.searchParams.has("at") ? { type_id: "Pyerite", quantity: 1 } : { type_id: "Tritanium", quantity: 5 }]),
  );
  const { user, router } = openApp(`${at}/assets?at=2026-11-01`);

  const note = await screen.findByTestId("as-of");
  expect(note.textContent).toContain("As it was at the end of 2026.11.01, ");
  await screen.findByText("Pyerite");
  expect(within(note).getByRole("link", { name: "What changed since" }).getAttribute("href")).toMatch(
    /changes\?.*dataset=assets.*compare=true.*from=/,
  );
  await user.click(screen.getByRole("button", { name: "Back to now" }));

  await waitFor(() => expect(router.state.location.search).toEqual({}));
  expect(screen.queryByTestId("as-of")).toBeNull();
});

test("a search, its columns and order are kept under a name, applied again, and deleted", async () => {
  board([entry("assets")]);
  const { user, router } = openApp(`${at}/assets?q=trit`);
  await screen.findByText("Tritanium");
  await user.click(screen.getByRole("button", { name: "Views" }));
  const save = await screen.findByRole<HTMLButtonElement>("button", { name: "Save" });
  expect(save.disabled).toBe(true);
  expect(screen.getByText("Save search, filters, order and columns under a name.")).toBeDefined();
  const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the new view" });
  await user.type(name, " {Enter}");
  expect(localStorage.getItem("tapi.views.assets")).toBeNull();

  await user.type(name, "Minerals{Enter}");
  await user.type(name, "Minerals {Enter}");

  expect(name.value).toBe("");
  expect(JSON.parse(localStorage.getItem("tapi.views.assets") ?? "[]")).toEqual([
    { name: "Minerals", search: { q: "trit" }, columns: {} },
  ]);
  await user.keyboard("{Escape}");
  await router.navigate({ to: ".", search: {} } as never);
  await user.click(screen.getByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("button", { name: "Minerals" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "trit" }));
  expect(screen.queryByRole("button", { name: "Minerals" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("button", { name: "Delete the view Minerals" }));
  await screen.findByText("Save search, filters, order and columns under a name.");
});

test("a moment of the past is chosen by a word", async () => {
  board([entry("assets")]);
  const { user, router } = openApp(`${at}/assets`);
  await screen.findByText("Tritanium");

  const chosen: number[] = [];
  for (const word of ["An hour ago", "Yesterday", "A week ago", "A month ago"]) {
    await user.click(screen.getByRole("button", { name: "As of" }));
    await user.click(await screen.findByRole("button", { name: word }));
    await waitFor(() => expect(screen.queryByRole("button", { name: word })).toBeNull());
    const { at: moment } = router.state.location.search as { at: string };
    chosen.push(Math.floor((Date.now() - Date.parse(moment)) / 3_600_000));
  }

  expect(chosen).toEqual([1, 24, 168, 720]);
});

test("a corporation is removed after confirmation, and stays with a message when that is refused", async () => {
  board([entry("members")]);
  const call = `DELETE ${at}`;
  network.answer(call, failure(403, "access.not_now", "EVE does not confirm it."));
  const { user, router } = openApp(at);
  await user.click(await screen.findByRole("button", { name: "Remove this corporation" }));
  const question = await screen.findByRole("alertdialog", { name: `Remove Corporation ${id}?` });
  const confirm = within(question).getByRole("button", { name: "Remove" });

  await user.click(confirm);
  await screen.findByText("EVE does not confirm it.");
  expect(router.state.location.pathname).toBe(at);
  network.answer(call, () => {
    network.answer("GET /corporations", []);
    return nothing();
  });
  await user.click(confirm);

  await waitFor(() => expect(router.state.location.pathname).toBe("/dashboard"));
});
