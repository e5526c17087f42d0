// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import type { ComponentType } from "react";
import { expect, test } from "vitest";
import { dataset, entry, id } from "../../test/corporation.ts";
import { page, scriptedNetwork } from "../../test/network.ts";
import { show } from "../../test/page.tsx";
import type { DatasetColumn, Row } from "../api/contract.ts";
import { corporationOwner } from "../api/owner.ts";
import KillmailsView from "../combat/killmails-view.tsx";
import ContractsView from "../contract/contracts-view.tsx";
import type { DatasetViewProps } from "../dataset/view.ts";
import JobsView from "../industry/jobs-view.tsx";
import OrdersView from "../market/orders-view.tsx";
import LedgerView from "../mining/ledger-view.tsx";
import ProjectsView from "../project/projects-view.tsx";
import StructuresView from "../structure/structures-view.tsx";

const network = scriptedNetwork();
const day = 86_400_000;
/** So many days from now, a little more: what counts down still shows the whole ones. */
const inDays = (days: number) => new Date(Date.now() + days * day + 30_000).toISOString();

const column = (key: string, kind = "text"): DatasetColumn => ({ key, title: key, kind }) as DatasetColumn;
const rowsOf = (name: string, rows: Row[]) =>
  network.answer(`GET /corporations/${id}/datasets/${name}/rows`, page(rows));

/** A dataset's page with these rows; a column for each of their keys. */
function open(View: ComponentType<DatasetViewProps>, name: string, rows: Row[], kinds: Record<string, string> = {}) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => !key.endsWith("_id_name"));
  rowsOf(name, rows);
  network.answer(`GET /corporations/${id}/freshness`, [entry(name)]);
  const columns = keys.map((key) => column(key, kinds[key]));
  return show(<View owner={corporationOwner(id)} dataset={dataset(name, { columns })} freshness={entry(name)} />);
}

const facets = (name: string, byColumn: Record<string, object[]>) =>
  network.answer(`GET /corporations/${id}/datasets/${name}/rows/facets`, (url: URL) =>
    structuredClone(byColumn[url.searchParams.get("column") ?? ""] ?? []),
  );

/** The figure under a title. */
const stat = async (title: string) => (await screen.findByText(title)).nextElementSibling?.textContent;
const bars = (name: string, among: HTMLElement = document.body) =>
  within(among)
    .queryAllByRole("progressbar", { name })
    .map((bar) => Number(bar.getAttribute("aria-valuenow")));
const itemOf = (text: string) => screen.getByText(text).closest("li") as HTMLElement;

test("kills and losses are added up, and an opened one lists what was on it, dearest first", async () => {
  facets("killmails", {
    is_loss: [
      { value: true, count: 2, sum: "250000000" },
      { value: false, count: 3, sum: "750000000" },
    ],
  });
  const loot = [
    { type_id: 34, name: "Tritanium", quantity: 1, dropped: false, worth: 5 },
    { type_id: 35, name: "Pyerite", quantity: 1200, dropped: true, worth: 9_000_000 },
    { type_id: 36, worth: 1 },
    null,
  ];
  const mail = { killmail_id: 1, ship_type_id: 587, ship_type_id_name: "Rifter", is_loss: true, worth: 12_300_000 };
  const kinds = { is_loss: "boolean", ship_type_id: "type", worth: "isk" };
  const { user } = open(
    KillmailsView,
    "killmails",
    [
      { ...mail, victim_name: "Bob Example", loot } as Row,
      { ...mail, killmail_id: 2, is_loss: false, ship_type_id_name: "Merlin" } as Row,
    ],
    kinds,
  );

  expect([await stat("Kills"), await stat("Losses"), await stat("ISK efficiency")]).toEqual(["3", "2", "75 %"]);
  expect(await stat("Destroyed / lost, at base prices")).toBe("750 M / 250 M");
  expect(bars("ISK efficiency")).toEqual([75]);
  expect((await screen.findByText("Loss")).className).not.toBe(screen.getByText("Kill").className);
  expect(screen.getAllByText("12.3 M")).toHaveLength(2);

  await user.click(screen.getByText("Rifter"));
  await screen.findByText("On zKillboard");
  const wreck = screen.getByText("×1,200").closest("ul") as HTMLElement;
  const items = within(wreck)
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent);
  expect(items).toEqual([
    expect.stringMatching(/Pyerite×1,2009.00 Mdropped$/),
    expect.stringMatching(/Tritanium5destroyed$/),
  ]);
});

test("without kills there is no efficiency to speak of", async () => {
  facets("killmails", {});
  open(KillmailsView, "killmails", [{ killmail_id: 1, worth: 1 } as Row]);

  expect([await stat("Kills"), await stat("ISK efficiency")]).toEqual(["0", "–"]);
  expect(bars("ISK efficiency")).toEqual([0]);
});

test("open orders are added up by side, and each tells how far it is filled and when it ends", async () => {
  const order = { type_id: 34, type_id_name: "Tritanium", price: 10, volume_total: 1000, volume_remain: 250 };
  const orders = [
    { ...order, order_id: 1, is_buy_order: false, expires: inDays(0.5) },
    { ...order, order_id: 2, is_buy_order: false, volume_remain: 1000, type_id_name: "Pyerite", expires: inDays(2) },
    { ...order, order_id: 3, is_buy_order: true, volume_remain: 0, escrow: 5000, type_id_name: "Mexallon" },
  ] as Row[];
  open(OrdersView, "orders", orders, { type_id: "type", is_buy_order: "boolean" });

  expect(await stat("2 sell orders, left to sell")).toBe("12.5 k");
  expect(await stat("1 buy orders, left to buy")).toBe("0");
  expect([await stat("In escrow"), await stat("Expire within a day")]).toEqual(["5.00 k", "1"]);
  await waitFor(() => expect(bars("Filled")).toEqual([75, 0, 100]));
  expect(screen.getByText("750/1,000")).toBeDefined();
  expect(screen.getAllByText(/^(Buy|Sell)$/).map(({ textContent }) => textContent)).toEqual(["Sell", "Sell", "Buy"]);
  expect(screen.getByText("12 h").className).toContain("text-stale");
  expect(screen.getByText("2 d").className).not.toContain("text-stale");
});

test("an order with missing fields shows those it has", async () => {
  open(OrdersView, "orders", [{ order_id: 1, type_id: 34, is_buy_order: true, volume_remain: null } as Row]);

  await screen.findByText("0/0");

  expect([await stat("In escrow"), await stat("Expire within a day")]).toEqual(["0", "0"]);
});

const lastError = { code: "esi.forbidden", message: "No role for it.", at: "2026-11-29T12:00:00.000Z" };
test.each([
  [entry("orders-history", { version: 0, lastError }), "No role for it."],
  [entry("orders-history", { lastError }), "No role for it."],
  [
    entry("orders-history", { version: 0 }),
    "The rows appear here by themselves as soon as the first import is through.",
  ],
  [undefined, "The rows appear here by themselves as soon as the first import is through."],
  [entry("orders-history"), "EVE has nothing in this list for the corporation at the moment."],
])("a table without rows says why, by how fresh it is (%#)", async (freshness, said) => {
  rowsOf("orders-history", []);
  const declared = dataset("orders-history", { columns: [column("state")] });
  show(<OrdersView owner={corporationOwner(id)} dataset={declared} freshness={freshness} />);

  await screen.findByText(said);
});

test("a search without results is distinguished from an empty list, and cleared by its button", async () => {
  rowsOf("orders-history", []);
  const declared = dataset("orders-history", { columns: [column("state")] });
  const { user } = show(
    <OrdersView owner={corporationOwner(id)} dataset={declared} freshness={entry("orders-history")} />,
  );
  await user.type(await screen.findByRole("textbox", { name: /Search/ }), "nonsense");

  await user.click(await screen.findByRole("button", { name: "Clear search and filters" }));

  await screen.findByText("EVE has nothing in this list for the corporation at the moment.");
});

test("closed orders are a table without sums", async () => {
  open(OrdersView, "orders-history", [
    { order_id: 1, state: "expired", type_id: 34, type_id_name: "Tritanium" } as Row,
  ]);

  await screen.findByText("expired");

  expect(screen.queryByText("In escrow")).toBeNull();
});

test("an opened contract shows what it gives and asks for; an auction its bids, the highest first as it is asked for", async () => {
  const contract = {
    status: "outstanding",
    type: "auction",
    title: "Things",
    contract_id: 7,
    date_expired: inDays(0.5),
  };
  rowsOf("contract-items", [
    { record_id: 1, type_id: 34, type_id_name: "Tritanium", quantity: 3000, is_included: true },
    { record_id: 2, type_id: 35, type_id_name: "Pyerite", is_included: false },
    { record_id: 3, type_id: 36, type_id_name: "Mexallon", quantity: 2 },
  ] as Row[]);
  rowsOf("contract-bids", [
    { bid_id: 1, bidder_name: "Bob Example", amount: 5_000_000 },
    { bid_id: 2, amount: 1.5 },
  ] as Row[]);
  const { user } = open(ContractsView, "contracts", [
    contract,
    { ...contract, contract_id: 8, title: "Sooner", date_expired: inDays(2) },
    { ...contract, contract_id: 9, title: "Later", date_expired: inDays(5) },
    { ...contract, contract_id: 10, title: "Done", status: "finished", date_expired: "2026-01-02T03:04:00Z" },
    { status: "outstanding", type: "item_exchange", title: "Endless", contract_id: 11 },
  ] as Row[]);

  expect((await screen.findByText("12 h")).className).toContain("text-failed");
  expect(screen.getByText("2 d").className).toContain("text-stale");
  expect(screen.getByText("5 d").className).not.toMatch(/text-(failed|stale)/);
  expect(screen.getByText("2026.01.02 03:04")).toBeDefined();
  await user.click(screen.getByText("Things"));

  const [gives, asks] = await screen.findAllByTestId("contract-items");
  expect(gives?.textContent).toMatch(/^Gives 2.*Tritanium×3,000.*Mexallon×2$/);
  expect(asks?.textContent).toMatch(/^Asks for 1.*Pyerite×1$/);
  const bids = (await screen.findByText("2 bids")).closest("section");
  expect(bids?.textContent).toBe("2 bidsBob Example5,000,000.00Somebody1.50");
  const asked = network.calls.find((call) => call.includes("contract-bids"));
  expect(asked).toContain("sort=-amount");
  expect(asked).toContain("filter.contract_id=7");
});

test.each([
  ["courier", [], "", []],
  ["item_exchange", [], "The items of this contract have not been fetched yet, or it has none.", ["contract-items"]],
])("an opened contract of type %s asks for what it can have", async (type, items, said, asked) => {
  rowsOf("contract-items", items);
  const { user } = open(ContractsView, "contracts", [
    { contract_id: 7, title: "Things", type, status: "deleted" } as Row,
  ]);

  await user.click(await screen.findByText("Things"));
  const dialog = await screen.findByRole("dialog");
  if (said) await within(dialog).findByText(said);

  const calls = network.calls.filter((call) => /contract-(items|bids)/.test(call));
  expect(calls.map((call) => /contract-\w+/.exec(call)?.[0])).toEqual(asked);
  expect(within(dialog).queryByTestId("contract-items")).toBeNull();
});

const job = (over: object) =>
  ({
    status: "active",
    product_type_id: 34,
    product_type_id_name: "Tritanium",
    blueprint_type_id: 35,
    blueprint_type_id_name: "A blueprint",
    activity: "Manufacturing",
    runs: 2000,
    cost: 100_000,
    start_date: inDays(-1),
    end_date: inDays(3),
    ...over,
  }) as Row;

test("jobs show how far they are; those that run, wait and cost are counted", async () => {
  open(JobsView, "industry-jobs", [
    job({ job_id: 1 }),
    job({ job_id: 2, product_type_id: undefined, end_date: inDays(-0.5) }),
    job({ job_id: 3, status: "paused", product_type_id_name: "Pyerite", pause_date: inDays(1) }),
  ]);

  expect([await stat("Running"), await stat("Ready to deliver"), await stat("Paid for running jobs")]).toEqual([
    "1",
    "1",
    "300 k",
  ]);
  expect(await stat("Next is ready in")).toBe("3 d");
  expect(bars("Progress of Tritanium")).toEqual([25]);
  expect(bars("Progress of A blueprint")).toEqual([100]);
  expect(bars("Progress of Pyerite")).toEqual([50]);
  expect(screen.getByText("3 jobs, by their end")).toBeDefined();
  expect(screen.getAllByText("×2,000")).toHaveLength(3);
  expect(screen.queryByRole("button", { name: /^Show/ })).toBeNull();
});

test("of many jobs a dozen are shown until all are wanted", async () => {
  const jobs = Array.from({ length: 13 }, (_, index) => job({ job_id: index, product_type_id_name: `Thing ${index}` }));
  const { user } = open(JobsView, "industry-jobs", jobs);
  const shown = () => screen.getAllByRole("progressbar", { name: /^Progress of/ }).length;

  const button = await screen.findByRole("button", { name: "Show all 13" });
  const before = shown();
  await user.click(button);
  const after = shown();
  await user.click(screen.getByRole("button", { name: "Show fewer" }));

  expect([before, after, shown()]).toEqual([12, 13, 12]);
});

test("where nothing runs it says so", async () => {
  open(JobsView, "industry-jobs", []);

  await screen.findByText("Jobs appear here with their progress as soon as somebody installs one.");

  expect([await stat("Next is ready in"), await stat("Ready to deliver")]).toEqual(["–", "0"]);
});

test("what was mined is ranked by pilot and by ore, and choosing one narrows the table", async () => {
  facets("mining", {
    character_name: [
      { value: "Bob Example", count: 1, sum: "1000" },
      { value: "Ann Example", count: 2, sum: "4000" },
    ],
    type_id: [{ value: 34, name: "Veldspar", count: 3, sum: "5000" }],
    observer_id: [{ value: 1, name: "The moon", count: 3, sum: "5000" }],
  });
  const kinds = { type_id: "type", worth: "isk" };
  const { user } = open(LedgerView, "mining", [{ character_name: "Cid", type_id: 34, worth: 5 } as Row], kinds);

  expect([await stat("Worth at base prices"), await stat("Pilots"), await stat("Ores")]).toEqual(["5.00 k", "2", "1"]);
  expect(screen.getByText("Most: Ann Example")).toBeDefined();
  expect(await stat("Best place")).toBe("The moon");
  expect(bars("Share of Ann Example")).toEqual([100]);
  expect(bars("Share of Bob Example")).toEqual([25]);
  const pilot = (name: string) =>
    screen.getByRole("progressbar", { name: `Share of ${name}` }).closest("button") as HTMLElement;
  await user.click(pilot("Ann Example"));

  await waitFor(() => expect(pilot("Ann Example").getAttribute("aria-pressed")).toBe("true"));
  expect(pilot("Bob Example").getAttribute("aria-pressed")).toBe("false");
  await waitFor(() =>
    expect(network.calls.some((call) => /mining\/rows\?.*filter.character_name=Ann/.test(call))).toBe(true),
  );
});

test("without prices what was mined is counted in units, and nothing mined is said", async () => {
  facets("mining", {});
  open(LedgerView, "mining", [{ character_name: "Cid", type_id: 34 } as Row]);

  expect(await stat("Units mined")).toBe("0");
  expect(screen.getAllByText("Nothing mined in these days.")).toHaveLength(2);
  expect(await stat("Best place")).toBe("–");
});

test.each([
  ["projects", "project-contributors", "project_id"],
  ["freelance-jobs", "freelance-participants", "job_id"],
])("an opened one of the %s shows who contributed how much", async (name, list, key) => {
  rowsOf(list, [
    { character_id: 1, name: "Ann Example", contributed: 800 },
    { character_id: 2, contributed: 200 },
    { character_id: 3, name: "Cid" },
  ] as Row[]);
  const project = { id: "p1", name: "Mine it", state: "Active", progress_current: 1500, progress_desired: 6000 };
  const rewards = { reward_remaining: 2_500_000, reward_initial: 10_000_000, expires: inDays(4) };
  const { user } = open(ProjectsView, name, [
    { ...project, ...rewards },
    { ...project, id: "p2", name: "Done it", progress_current: 6000, progress_desired: 6000 },
    { ...project, id: "p3", name: "Nothing to do", progress_current: 0, progress_desired: 0 },
  ] as Row[]);

  await waitFor(() => expect(bars("Progress")).toEqual([25, 100, 0]));
  expect(screen.getByText("1,500/6,000")).toBeDefined();
  expect(screen.getByText("4 d")).toBeDefined();
  expect(screen.getByText("2.50 M").textContent).toBe("2.50 M of 10.0 M");
  await user.click(screen.getByText("Mine it"));

  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByText("Ann Example");
  expect(bars("Share", dialog)).toEqual([100, 25, 0]);
  expect(itemOf("Cid").textContent).toMatch(/Cid0$/);
  expect(within(dialog).getByRole("heading", { name: /Contributors/ }).textContent).toBe("Contributors 3");
  const asked = network.calls.find((call) => call.includes(list));
  expect(asked).toContain("sort=-contributed");
  expect(asked).toContain(`filter.${key}=p1`);
});

test("without contributors the page says so", async () => {
  rowsOf("project-contributors", []);
  const { user } = open(ProjectsView, "projects", [{ id: "p1", name: "Mine it", state: "Closed" } as Row]);

  await user.click(await screen.findByText("Mine it"));

  await screen.findByText("Nobody has contributed yet.");
});

test("structures stand by what runs out first, those that burn nothing last", async () => {
  for (const name of ["starbases", "starbase-details", "skyhook-details", "sovereignty-hub-details"]) rowsOf(name, []);
  const structure = { type_id: 35832, type_id_name: "Astrahus", system_id_name: "Jita", state: "shield_vulnerable" };
  open(StructuresView, "structures", [
    { ...structure, structure_id: 1, name: "Idle" },
    {
      ...structure,
      structure_id: 2,
      name: "Full",
      fuel_expires: inDays(15),
      services: "Moon Drilling (online), Reprocessing (offline)",
    },
    {
      ...structure,
      structure_id: 3,
      fuel_expires: inDays(2),
      state: "armor_reinforce",
      state_timer_end: inDays(1),
      unanchors_at: inDays(5),
      reinforce_hour: 9,
    },
  ] as Row[]);

  const items = (await screen.findAllByTestId(/^structure-/)).map((item) => item.textContent ?? "");

  expect(items[0]).toMatch(/^.*3Astrahus · Jita2 d.*Armor reinforce1 dunanchors in 5 dvulnerable 09:00$/);
  expect(items[1]).toMatch(/FullAstrahus · Jita15 d.*Shield vulnerableMoon DrillingReprocessing offline$/);
  expect(items[2]).toMatch(/IdleAstrahus · JitaNo fuel, no servicesShield vulnerable$/);
  expect(bars("Fuel left of a month")).toEqual([7, 50]);
  for (const said of ["No control towers.", "No skyhooks.", "No sovereignty hubs."]) await screen.findByText(said);
});

test("towers, skyhooks and hubs tell their fuel, their windows and what is used of them", async () => {
  const window = (from: number, until: number) => ({ vulnerable_from: inDays(from), vulnerable_until: inDays(until) });
  rowsOf("starbases", [
    {
      starbase_id: 1,
      moon: "Jita I - Moon 1",
      type_id_name: "Small Tower",
      state: "online",
      reinforced_until: inDays(3),
    },
    { starbase_id: 2, system_id_name: "Amarr", type_id_name: "Tower", state: "offline" },
  ] as Row[]);
  rowsOf("starbase-details", [{ starbase_id: 1, fuel_quantity: 2410, strontium_quantity: 7000 }] as Row[]);
  rowsOf("skyhook-details", [
    {
      id: 1,
      planet: "Jita II",
      state: "active",
      secured_stock: 1500,
      unsecured_stock: 20,
      effective_workforce: 3,
      ...window(2, 3),
    },
    { id: 2, planet_id: 77, ...window(-1, 4) },
    { id: 3, planet: "Jita III", ...window(-2, -1) },
  ] as Row[]);
  const hub = { power_allocated: 500, power_available: 1000, workforce_allocated: 30, workforce_available: 20 };
  rowsOf("sovereignty-hub-details", [
    {
      id: 1,
      solar_system_id_name: "Perimeter",
      workforce_transport: "export",
      ...hub,
      upgrades_offline: 2,
      fuel_expires: inDays(15),
    },
    { id: 2, solar_system_id_name: "Sobaseki", upgrades_offline: 0 },
  ] as Row[]);
  open(StructuresView, "structures", []);

  await screen.findByText("Upwell structures of the corporation appear here with their fuel, timers and services.");
  await waitFor(() => expect(itemOf("Jita I - Moon 1").textContent).toContain("2,410 blocks · 7,000 strontium"));
  expect(itemOf("Jita I - Moon 1").textContent).toMatch(/Small Tower.*about 10 d.*Comes out of reinforcement in 3 d/);
  expect(itemOf("Amarr").textContent).toBe("Amarr TowerOffline");
  const skyhook = (await screen.findByText("Jita II")).closest("li");
  expect(skyhook?.textContent).toBe("Jita II ActiveVulnerable in 2 d1,500 secured · 20 unsecured · 3 workforce");
  expect(itemOf("Planet 77").textContent).toContain("Vulnerable for another 4 d0 secured");
  expect(itemOf("Jita III").textContent).not.toContain("Vulnerable");
  const perimeter = (await screen.findByText("Perimeter")).closest("li") as HTMLElement;
  expect(perimeter.textContent).toContain("Perimeter Export15 d");
  expect(perimeter.textContent).toMatch(/Power500\/1,000Workforce30\/202 upgrades offline$/);
  expect([bars("Power in use", perimeter), bars("Workforce in use", perimeter)]).toEqual([[50], [100]]);
  expect(itemOf("Sobaseki").textContent).not.toContain("offline");
  expect(bars("Power in use", itemOf("Sobaseki"))).toEqual([0]);
});
