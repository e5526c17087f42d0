// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { loggedIn } from "../../test/corporation.ts";
import { failure, nothing, page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();
const addedAt = "2026-01-01T00:00:00.000Z";
const corporation = { kind: "corporation", id: 98_000_001, name: "Signal", tier: "P1", addedAt, active: true };
const pilot = { kind: "character", id: 2_100_000_001, name: "Pia Pilot", tier: "P3", addedAt, active: false };
const setPilot = "PUT /admin/owners/character/2100000001/tier";

beforeEach(() => {
  loggedIn(network);
  network.answer("GET /session", {
    user: { userId: "user-1", admin: true, main: { characterId: 2_100_000_001, name: "Ann Example" } },
  });
  network.answer("GET /admin/queues", []);
  network.answer("GET /admin/dead-letters", page([], { total: 0 }));
  network.answer("GET /admin/owners", [corporation, pilot]);
});

const tierOf = (testId: string) => within(screen.getByTestId(testId)).getByRole("radio", { checked: true }).textContent;

test("an administrator sets the tier of an owner of any kind", async () => {
  network.answer(setPilot, () => {
    network.answer("GET /admin/owners", [corporation, { ...pilot, tier: "P0" }]);
    return nothing();
  });
  const { user } = openApp("/admin?part=owners");
  const item = within(await screen.findByTestId("owner-character-2100000001"));
  expect(["owner-corporation-98000001", "owner-character-2100000001"].map(tierOf)).toEqual(["P1", "P3"]);
  expect(item.getByText("inactive")).toBeDefined();

  await user.click(item.getByRole("radio", { name: "P0" }));

  await waitFor(() => expect(network.bodies[setPilot]).toEqual({ tier: "P0" }));
  await waitFor(() => expect(tierOf("owner-character-2100000001")).toBe("P0"));
  expect(tierOf("owner-corporation-98000001")).toBe("P1");
});

test("a tier that the server refuses stays as it was, and the reason is shown", async () => {
  network.answer(setPilot, failure(409, "owner.gone", "It has left."));
  const { user } = openApp("/admin?part=owners");
  const item = within(await screen.findByTestId("owner-character-2100000001"));

  await user.click(item.getByRole("radio", { name: "P0" }));

  await screen.findByText("It has left.");
  await waitFor(() => expect(tierOf("owner-character-2100000001")).toBe("P3"));
});

test("owners are found by name, id or tier", async () => {
  const { user } = openApp("/admin?part=owners");
  await screen.findByTestId("owner-corporation-98000001");
  const shown = () => screen.queryAllByTestId(/^owner-/).map((each) => each.dataset.testid);
  const search = screen.getByRole("textbox", { name: "Search owners" });

  await user.type(search, "PIA");
  expect(shown()).toEqual(["owner-character-2100000001"]);
  await user.clear(search);
  await user.type(search, "p1");
  expect(shown()).toEqual(["owner-corporation-98000001"]);
  await user.type(search, "x");

  expect(shown()).toEqual([]);
  expect(screen.getByText("No owner matches")).toBeDefined();
});

test("where the list does not load its part says so, and the other parts stay", async () => {
  network.answer("GET /admin/owners", failure(400, "x.y"));
  openApp("/admin?part=owners");

  expect(await screen.findByText("This did not load")).toBeDefined();
  expect(screen.getByRole("radio", { name: "Queues" })).toBeDefined();
  expect(screen.getByRole("radio", { name: "Owners and tiers", checked: true })).toBeDefined();
});

test("other parts of the administration do not ask for the owners", async () => {
  openApp("/admin?part=queues");

  await waitFor(() => expect(network.calls).toContain("GET /admin/queues"));
  expect(network.calls).not.toContain("GET /admin/owners");
});
