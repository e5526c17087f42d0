// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { corporation, dataset, id, loggedIn } from "../../test/corporation.ts";
import { scriptedNetwork } from "../../test/network.ts";
import { show } from "../../test/page.tsx";
import CommandPalette from "./command-palette.tsx";

const network = scriptedNetwork();
const nothing = () => undefined;

const offered = () => screen.queryAllByRole("option").map((each) => each.textContent);

test.each([
  ["łódź", "Lodz Mining"],
  ["LODZ", "Łódź Mining"],
  ["strasse", "Straße und Söhne"],
  ["sohne", "Straße und Söhne"],
  ["ISTANBUL", "İstanbul Holding"],
  ["истанбул", "ИСТАНБУЛ"],
  ["ｆｕｌｌ", "Full Width"],
])("the palette compares letters as every other search: %s finds %s", async (typed, name) => {
  loggedIn(network, [corporation({ name, ticker: "ONE" }), corporation({ corporationId: id + 1, name: "Other Q" })]);
  network.answer("GET /datasets", [dataset("members", { title: "Members" })]);
  const { user } = show(<CommandPalette onClose={nothing} onHelp={nothing} />);
  await screen.findByText(name, { selector: "[cmdk-item]" });

  await user.type(screen.getByRole("combobox"), typed);

  expect(offered().some((text) => text?.includes(name))).toBe(true);
  expect(offered().some((text) => text?.includes("Other Q"))).toBe(false);
});

test("a search without results says so", async () => {
  loggedIn(network);
  const { user } = show(<CommandPalette onClose={nothing} onHelp={nothing} />);
  await screen.findAllByRole("option");

  await user.type(screen.getByRole("combobox"), "qqqqzzzz");

  await screen.findByText("Nothing matches.");
  expect(offered()).toEqual([]);
});
