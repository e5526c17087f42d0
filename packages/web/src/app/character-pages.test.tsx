// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { character, dataset, entry, id, loggedIn } from "../../test/corporation.ts";
import { page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();
const characterId = 2_100_000_007;
const at = `/characters/${characterId}`;
const column = (key: string) => ({ key, title: key, kind: "text" }) as const;

const ofCharacter = (name: string, over: Parameters<typeof dataset>[1]) =>
  dataset(name, { kind: "character", columns: [column("name")], ...over });

beforeEach(() => {
  loggedIn(network);
  network.answer("GET /characters", [character({ characterId, name: "Pia Pilot" })]);
  network.answer("GET /datasets", [
    dataset("public-info", { title: "Public info", group: "Corporation", place: "front" }),
    dataset("assets", { title: "Corporation assets", group: "Assets", place: "home" }),
    ofCharacter("skills", { title: "Skills", group: "Skills", place: "home" }),
    ofCharacter("assets", { title: "My assets", group: "Assets", place: "home" }),
  ]);
  network.answer(`GET ${at}/freshness`, [entry("skills", { title: "Skills" }), entry("assets")]);
  network.answer(`GET ${at}/history`, page([], {}));
  network.answer(`GET ${at}/datasets/assets/rows`, (url: URL) =>
    page([{ name: url.searchParams.has("at") ? "An older shuttle" : "A shuttle" }]),
  );
});

test("a character's front page shows how fresh its datasets are, with the tabs of its own datasets alone", async () => {
  openApp(at);

  await screen.findByTestId("freshness-skills");
  const tabs = within(screen.getByRole("navigation", { name: "Character" }));
  expect(tabs.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
    "Overview",
    "Skills",
    "Assets",
    "Changes",
  ]);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Pia Pilot");
});

test("a dataset that corporations have under the same name shows the character's rows, in the generic table", async () => {
  openApp(`${at}/data/assets`);

  await screen.findByText("A shuttle");
  await waitFor(() => expect(document.title).toBe("My assets · Pia Pilot · TAPI"));
  const csv = screen.getByRole("button", { name: "CSV" });
  expect(csv).toBeDefined();
  expect(network.calls.filter((call) => call.includes(`/corporations/${id}/`))).toEqual([]);
});

test("a character's dataset is shown as it was at a moment", async () => {
  openApp(`${at}/data/assets?at=2026-11-20`);

  await screen.findByText("An older shuttle");
  expect(screen.getByRole("link", { name: "What changed since" }).getAttribute("href")).toMatch(
    new RegExp(`^${at}/changes\\?dataset=assets&compare=true&from=`),
  );
});

test("a character's dataset is refreshed on demand", async () => {
  network.answer(`POST ${at}/datasets/skills/refresh`, { status: "queued" });
  const { user } = openApp(at);

  await user.click(await screen.findByTestId("refresh-skills"));

  await waitFor(() => expect(network.calls).toContain(`POST ${at}/datasets/skills/refresh`));
});

test("the palette leads to a character's page, and from there to its datasets", async () => {
  const { user, router } = openApp("/dashboard");
  await screen.findAllByText("Pia Pilot");
  const search = async (text: string) => {
    fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    await user.type(await screen.findByRole("combobox"), text);
  };

  await search("pia");
  await user.click(await screen.findByRole("option", { name: /Pia Pilot/ }));
  await screen.findByTestId("freshness-skills");
  await search("my assets");
  await user.click(await screen.findByRole("option", { name: /My assets/ }));

  await screen.findByText("A shuttle");
  expect(router.state.location.pathname).toBe(`${at}/data/assets`);
});

test("without datasets of characters no character has a page, nor a way to one", async () => {
  network.answer("GET /datasets", [dataset("public-info")]);
  const { router } = openApp("/characters");
  const card = within(await screen.findByTestId(`character-${characterId}`));
  expect(card.queryByRole("link", { name: "Pia Pilot" })).toBeNull();

  await router.navigate({ to: at as string });

  await screen.findByText("There is no such character");
});

test("a character of somebody else has no page here", async () => {
  openApp("/characters/2100000008");

  await screen.findByText("There is no such character");
  expect(network.calls.filter((call) => call.includes("2100000008/datasets"))).toEqual([]);
});

test("a character that has never shared anything has no empty pages, but the way to share", async () => {
  const scopes = ["esi-skills.read_skills.v1"];
  network.answer("GET /datasets", [ofCharacter("skills", { title: "Skills", group: "Skills", place: "home", scopes })]);
  network.answer(`GET ${at}/freshness`, [entry("skills", { status: "never" })]);
  openApp(at);

  await screen.findByText("Pia Pilot shares no data yet");
  expect(screen.getAllByTestId(`share-${characterId}`)).toHaveLength(1);
  expect(screen.queryByTestId("freshness-skills")).toBeNull();
  expect(screen.queryByRole("navigation", { name: "Character" })).toBeNull();
});

test("what a character has shared stays readable after EVE has ended the access", async () => {
  const scopes = ["esi-skills.read_skills.v1"];
  network.answer("GET /datasets", [ofCharacter("skills", { title: "Skills", group: "Skills", place: "home", scopes })]);
  openApp(at);

  await screen.findByTestId("freshness-skills");
  expect(screen.getAllByTestId(`share-${characterId}`)).toHaveLength(1);
});
