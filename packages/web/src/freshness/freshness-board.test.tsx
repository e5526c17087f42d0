// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { entry, id } from "../../test/corporation.ts";
import { failure, scriptedNetwork } from "../../test/network.ts";
import { show } from "../../test/page.tsx";
import { corporationOwner } from "../api/owner.ts";
import { FreshnessBoard } from "./freshness-board.tsx";

const network = scriptedNetwork();
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function open(
  entries = [entry("members"), entry("assets", { status: "stale" }), entry("orders", { status: "blocked" })],
) {
  network.answer(`GET /corporations/${id}/freshness`, entries);
  return show(<FreshnessBoard owner={corporationOwner(id)} />);
}

test("the board counts what is on time and what needs attention, as a whole and by group", async () => {
  open([
    entry("members"),
    entry("assets", { status: "stale" }),
    entry("orders", { status: "blocked", group: "Market" }),
  ]);

  await screen.findByText("1 of 3 on time");

  expect(screen.getByText("1 needs attention")).toBeDefined();
  expect(screen.getByRole("button", { name: /^Group/ }).textContent).toBe("Group1/2");
  expect(screen.getByRole("button", { name: /^Market/ }).textContent).toBe("Market0/11");
});

test("a group is closed and opened by its heading, and search results are shown in closed groups", async () => {
  const { user } = open();
  const members = async () => (await screen.findByTestId("freshness-members")).closest("ul")?.hidden;

  await user.click(await screen.findByRole("button", { name: /^Group/ }));
  expect(await members()).toBe(true);
  await user.type(screen.getByRole("textbox", { name: "Search datasets" }), "memb");

  expect(await members()).toBe(false);
  expect(screen.queryByTestId("freshness-assets")).toBeNull();
});

test("a search without results is cleared by its button", async () => {
  const { user } = open();
  await user.type(await screen.findByRole("textbox", { name: "Search datasets" }), "nonsense");

  await user.click(await screen.findByRole("button", { name: "Clear" }));

  expect(await screen.findByTestId("freshness-assets")).toBeDefined();
});

test("all groups are closed and opened by one button", async () => {
  const { user } = open();

  await user.click(await screen.findByRole("button", { name: "Close all" }));
  expect(screen.getByRole("button", { name: /^Group/ }).getAttribute("aria-expanded")).toBe("false");
  await user.click(screen.getByRole("button", { name: "Open all" }));

  expect(screen.getByRole("button", { name: /^Group/ }).getAttribute("aria-expanded")).toBe("true");
});

test("a requested refresh shows as busy, and one that is too early shows when it is possible", async () => {
  const { user } = open([entry("members", { status: "stale", expiresAt: ago(5) })]);
  network.answer(`POST /corporations/${id}/datasets/members/refresh`, { status: "queued" });
  const button = await screen.findByRole("button", { name: "Refresh members now" });
  network.answer(`GET /corporations/${id}/freshness`, [entry("members", { status: "running", expiresAt: ago(5) })]);

  await user.click(button);

  await waitFor(() => expect(button.textContent).toBe("Busy"));
  expect(network.calls).toContain(`POST /corporations/${id}/datasets/members/refresh`);
});

test("one button refreshes everything, and a refusal shows its reason", async () => {
  const { user } = open();
  network.answer(`POST /corporations/${id}/refresh`, failure(403, "request.wrong_origin"));
  await user.click(await screen.findByRole("button", { name: "Refresh all" }));
  network.answer(`POST /corporations/${id}/refresh`, { status: "queued" });
  await waitFor(() => expect((screen.getByTestId("refresh-all") as HTMLButtonElement).disabled).toBe(false));
  await user.click(screen.getByTestId("refresh-all"));

  const asked = () => network.calls.filter((call) => call === `POST /corporations/${id}/refresh`);
  await waitFor(() => expect(asked()).toHaveLength(2));
});

test("a row says why it is not fresh, what was set aside, and who fetched it", async () => {
  const lastError = { code: "esi.forbidden", message: "No role for it.", at: ago(1) };
  open([
    entry("members", { status: "blocked", lastError, setAside: 2, fetcher: { characterId: 1, name: "Ann Example" } }),
    entry("assets", { lastError }),
  ]);

  const row = (await screen.findByTestId("freshness-members")).textContent;

  expect(row).toContain("Blocked");
  expect(row).toContain("No role for it.");
  expect(row).toContain("2 rows of EVE's answer could not be read and were set aside.");
  expect(row).toContain("Ann Example");
  expect(screen.getByTestId("freshness-assets").textContent).not.toContain("No role for it.");
});
