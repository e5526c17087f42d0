// @vitest-environment happy-dom
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { corporation, id, loggedIn } from "../../test/corporation.ts";
import { scriptedNetwork } from "../../test/network.ts";
import { show } from "../../test/page.tsx";
import { Sidebar } from "./sidebar.tsx";

const network = scriptedNetwork();

test("each corporation has the colour of the worst that its datasets are in", async () => {
  loggedIn(network, [
    corporation({ corporationId: id, name: "Stuck", blocked: 1, stale: 2, fresh: 3 }),
    corporation({ corporationId: id + 1, name: "Behind", stale: 1, fresh: 3 }),
    corporation({ corporationId: id + 2, name: "Well", fresh: 3 }),
    corporation({ corporationId: id + 3, name: "New", fresh: 0 }),
  ]);
  show(<Sidebar onPalette={() => undefined} />);

  const colours = await Promise.all(
    ["Stuck", "Behind", "Well", "New"].map(async (name) => {
      const link = (await screen.findByText(name)).closest("a") as HTMLElement;
      const dot = link.querySelector("[class*='bg-failed'],[class*='bg-stale'],[class*='bg-fresh']");
      return /bg-(failed|stale|fresh)/.exec(dot?.className ?? "")?.[1];
    }),
  );

  expect(colours).toEqual(["failed", "stale", "fresh", undefined]);
});

test("without a corporation it says so, and only an administrator is led to the administration", async () => {
  loggedIn(network, []);
  show(<Sidebar onPalette={() => undefined} />);

  const nav = within(await screen.findByRole("navigation", { name: "Main" }));

  await nav.findByText("None added yet");
  expect(nav.queryByText("Administration")).toBeNull();
});
