// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { flatCanvas } from "../../test/canvas.ts";
import { dataset, entry, id, loggedIn } from "../../test/corporation.ts";
import { page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();
flatCanvas();

const divisions = [
  { division: 1, name: "Master", balance: 1_500_000.25 },
  { division: 2, balance: 500_000 },
];
const flows = [
  { division: 1, date: "2026-11-27", income: "3000000", expense: "1000000" },
  { division: 2, date: "2026-11-28", income: "0", expense: "5000000" },
];
const series = [
  { division: 1, date: "2026-11-27", balance: 1_000_000 },
  { division: 1, date: "2026-11-28", balance: 1_500_000.25 },
];
const rows = `/corporations/${id}/datasets`;
const summary = { divisions, total: "2000000.25", series, flows };

beforeEach(() => {
  loggedIn(network);
  const columns = ["date", "amount", "division"].map((key) => ({ key, title: key, kind: "text" }) as const);
  network.answer("GET /datasets", [
    dataset("public-info", { group: "Corporation" }),
    dataset("wallet-journal", { columns, group: "Wallet", place: "home" }),
    dataset("wallet-transactions", { columns, group: "Wallet", place: "part" }),
  ]);
  network.answer(`GET /corporations/${id}/freshness`, [entry("wallets"), entry("wallet-journal")]);
  network.answer(`GET /corporations/${id}/wallet/summary`, summary);
  network.answer(`GET ${rows}/wallet-journal/rows`, page([{ date: "A day", amount: "7", division: 1 }]));
  network.answer(`GET ${rows}/wallet-transactions/rows`, page([{ date: "Another day", amount: "8", division: 2 }]));
});

const pressed = () =>
  screen
    .getAllByRole("button", { pressed: true })
    .filter((each) => each.querySelector("[data-testid^=stat-isk]"))
    .map(({ textContent }) => textContent);
const moved = () => screen.getByText("In", { selector: "span" }).parentElement?.textContent;
const asked = (part: string) => network.calls.filter((call) => call.includes(part));

test("the balances of all divisions are added up, and one chosen narrows charts and entries until it is lifted", async () => {
  const { user, router } = openApp(`/corporations/${id}/wallet`);

  await screen.findByTestId("stat-isk-total");
  expect(pressed()).toEqual(["All divisions2,000,000.252.00 M ISK"]);
  expect(screen.getByTestId("stat-isk-1").textContent).toBe("1,500,000.25");
  expect(moved()).toBe("In 3.00 MOut 6.00 MNet −3.00 M");
  await screen.findByText("A day");
  const second = screen.getByTestId("stat-isk-2").closest("button") as HTMLElement;

  await user.click(second);

  await waitFor(() => expect(router.state.location.search).toEqual({ division: 2 }));
  expect(pressed()).toEqual([expect.stringMatching(/^Wallet 2|^Division 2|2/)]);
  expect(moved()).toBe("In 0Out 5.00 MNet −5.00 M");
  await waitFor(() => expect(asked("filter.division=2")).toHaveLength(1));
  await user.click(screen.getByTestId("stat-isk-1").closest("button") as HTMLElement);
  await waitFor(() => expect(moved()).toBe("In 3.00 MOut 1.00 MNet +2.00 M"));
  await user.click(screen.getByTestId("stat-isk-1").closest("button") as HTMLElement);
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("a range is asked for in days, and the usual one is not written into the address", async () => {
  const { user, router } = openApp(`/corporations/${id}/wallet`);
  await screen.findByRole("figure", { name: "Balance over the last 30 days" });
  const labels = within(screen.getByRole("radiogroup", { name: "Range" }))
    .getAllByRole("radio")
    .map(({ textContent }) => textContent);
  expect(labels).toEqual(["7 d", "30 d", "90 d", "1 y"]);

  await user.click(screen.getByRole("radio", { name: "1 y" }));

  await screen.findByRole("figure", { name: "Income and expense over the last 365 days" });
  expect(router.state.location.search).toEqual({ days: 365 });
  expect(asked("summary?days=365")).not.toEqual([]);
  await user.click(screen.getByRole("radio", { name: "30 d" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("journal and transactions are two tables; a search in one is not carried over to the other", async () => {
  const { user, router } = openApp(`/corporations/${id}/wallet?q=x&division=1`);
  await screen.findByText("A day");

  await user.click(screen.getByRole("radio", { name: "Transactions" }));

  await screen.findByText("Another day");
  expect(router.state.location.pathname).toBe(`/corporations/${id}/data/wallet-transactions`);
  expect(router.state.location.search).toEqual({ division: 1 });
  await user.click(screen.getByRole("radio", { name: "Journal" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ division: 1 }));
});

test("before the first import the page says that balances and history will appear", async () => {
  network.answer(`GET /corporations/${id}/wallet/summary`, { divisions: [], total: "0", series: [], flows: [] });

  openApp(`/corporations/${id}/wallet`);

  await screen.findByText("The balances appear here after the first import.");
  expect(screen.getByText("The history appears here once the journal has arrived.")).toBeDefined();
  expect(screen.queryByRole("figure")).toBeNull();
});

test("where neither list is known to the server, the page says so", async () => {
  network.answer("GET /datasets", [dataset("members")]);

  openApp(`/corporations/${id}/wallet`);

  await screen.findByText("There is no such dataset");
});

test.each([
  ["transactions", "wallet-transactions", "Another day"],
  ["journal", "wallet-journal", "A day"],
])(
  "an address that names the list of %s leads to the dataset, with all its other conditions",
  async (table, name, row) => {
    const { router } = openApp(`/corporations/${id}/wallet?table=${table}&division=2&q=x`);

    await screen.findByText(row);

    expect(router.state.location.pathname).toBe(`/corporations/${id}/data/${name}`);
    expect(router.state.location.search).toEqual({ division: 2, q: "x" });
  },
);
