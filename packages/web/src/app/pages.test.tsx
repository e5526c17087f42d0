// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { corporation, dataset, director, entry, id, loggedIn } from "../../test/corporation.ts";
import { nothing, page, scriptedNetwork } from "../../test/network.ts";
import { openApp, show } from "../../test/page.tsx";
import type { Row } from "../api/contract.ts";
import { corporationOwner } from "../api/owner.ts";
import { DirectorsPanel } from "../director/directors-panel.tsx";
import { ActivityPanel } from "../members/activity-panel.tsx";
import { TodayPanel } from "../overview/today-panel.tsx";
import { DateRange, type Range } from "../ui/date-range.tsx";

const network = scriptedNetwork();
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day + 30_000).toISOString();
const rowsOf = (name: string, rows: Row[]) =>
  network.answer(`GET /corporations/${id}/datasets/${name}/rows`, page(rows));
const watched = ["structures", "starbases", "starbase-details", "industry-jobs", "contracts", "mining-extractions"];
const text = (testId: string) => screen.getByTestId(testId).textContent;

test("an overview shows members, ISK, assets and the tax rate, and who leads the corporation", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/freshness`, [
    entry("members", { rows: 1234 }),
    entry("assets", { rows: 0, version: 0 }),
    entry("public-info"),
  ]);
  const info = { ceoName: "Ann Example", allianceId: 99_000_001, taxRate: 0.075, dateFounded: "2011-02-03T04:05:06Z" };
  network.answer(`GET /corporations/${id}`, corporation({ ...info, memberCount: 7 } as object));
  network.answer(`GET /corporations/${id}/wallet/summary`, { total: "1234567.5", divisions: [{ division: 1 }] });
  rowsOf("public-info", [{ home_station_id_name: "Jita IV - Moon 4" } as Row]);

  openApp(`/corporations/${id}`);

  await waitFor(() => expect(text("stat-members")).toBe("1,234"));
  await waitFor(() => expect(text("stat-isk-total")).toBe("1.23 M"));
  expect(text("stat-assets")).toBe("–");
  await screen.findByText("7.5 %");
  const about = (await screen.findByText("About")).closest("section") as HTMLElement;
  await within(about).findByText("Jita IV - Moon 4");
  const facts = within(about)
    .getAllByRole("definition")
    .map(({ textContent }) => textContent);
  expect(facts).toEqual(["Ann Example", "99000001", "Jita IV - Moon 4", "2011.02.03", "P1", "2026.01.01"]);
});

test("where members were never read the corporation's own count stands; what is unknown is a dash", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/freshness`, [entry("members", { version: 0, rows: 0 })]);
  network.answer(`GET /corporations/${id}`, corporation({ memberCount: 7, homeStationId: 60003760 } as object));
  network.answer(`GET /corporations/${id}/wallet/summary`, { total: "0", divisions: [] });

  openApp(`/corporations/${id}`);

  await waitFor(() => expect(text("stat-members")).toBe("7"));
  const about = (await screen.findByText("About")).closest("section") as HTMLElement;
  const facts = within(about)
    .getAllByRole("definition")
    .map(({ textContent }) => textContent);
  expect(facts.slice(0, 4)).toEqual(["–", "None", "60003760", "–"]);
  expect(text("stat-isk-total")).toBe("–");
});

test("what needs attention today stands six at a time, the rest on demand", async () => {
  network.answer(
    `GET /corporations/${id}/freshness`,
    watched.map((name) => entry(name)),
  );
  network.answer(`GET /corporations/${id}/directors`, [director()]);
  for (const name of watched) rowsOf(name, []);
  const structure = (at: number): Row =>
    ({ structure_id: at, name: `Citadel ${at}`, state: "shield_vulnerable", fuel_expires: inDays(1) }) as Row;
  rowsOf(
    "structures",
    Array.from({ length: 7 }, (_, at) => structure(at)),
  );
  const { user } = show(<TodayPanel owner={corporationOwner(id)} />);
  const shown = () => screen.getAllByText(/Citadel \d/).length;

  const button = await screen.findByRole("button", { name: "Show all 7" });
  const first = shown();
  await user.click(button);
  const all = shown();
  await user.click(screen.getByRole("button", { name: "Show fewer" }));

  expect([first, all, shown()]).toEqual([6, 7, 6]);
  expect(screen.getAllByText("in 1 d")).toHaveLength(6);
  expect(screen.queryByText(/Did not load/)).toBeNull();
  expect(screen.queryByText(/Not read yet/)).toBeNull();
});

test("that no director is linked is said once the directors are known, not while they load", async () => {
  network.answer(`GET /corporations/${id}/freshness`, []);
  for (const name of watched) rowsOf(name, []);
  let answer: (directors: unknown[]) => void = () => undefined;
  network.answer(`GET /corporations/${id}/directors`, new Promise((resolve) => (answer = resolve)));
  show(<TodayPanel owner={corporationOwner(id)} />);
  await screen.findByText("Looking…");
  expect(screen.queryByText("No director is linked")).toBeNull();

  answer([]);

  await screen.findByText("No director is linked");
});

test("all is well only where everything was looked at", async () => {
  network.answer(`GET /corporations/${id}/directors`, [director()]);
  network.answer(
    `GET /corporations/${id}/freshness`,
    watched.map((name) => entry(name)),
  );
  for (const name of watched) rowsOf(name, []);
  const { unmount } = show(<TodayPanel owner={corporationOwner(id)} />);
  await screen.findByText(/^Nothing\. Fuel/);
  unmount();

  const { refreshedAt: _, ...never } = entry("contracts", { version: 0, title: "Contracts" });
  network.answer(`GET /corporations/${id}/freshness`, [never]);
  show(<TodayPanel owner={corporationOwner(id)} />);

  await screen.findByText("Nothing found so far.");
  expect(screen.getByText(/^Not read yet:/).textContent).toContain("contracts");
});

test("the members page shows how many were seen lately, and how long the others have been away", async () => {
  network.answer(`GET /corporations/${id}/freshness`, [entry("members", { rows: 4 }), entry("member-tracking")]);
  const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
  rowsOf("member-tracking", [
    { logon_date: ago(0.5), start_date: ago(10) },
    { logon_date: ago(6), start_date: ago(400) },
    { logon_date: ago(20), start_date: ago(400) },
    { start_date: ago(400) },
  ] as Row[]);
  show(<ActivityPanel owner={corporationOwner(id)} />);
  const stat = async (title: string) => {
    const cell = (await screen.findByText(title)).parentElement;
    return [...(cell?.children ?? [])].slice(1).map(({ textContent }) => textContent);
  };

  expect(await stat("Seen in 7 days")).toEqual(["2", "50 % of all"]);
  expect(await stat("Seen in 30 days")).toEqual(["3", "75 % of all"]);
  expect(await stat("Joined in 30 days")).toEqual(["1", "by date of joining"]);
  expect(text("stat-members")).toBe("4");
  expect(screen.getByText("longer")).toBeDefined();
  const columns = [...document.querySelectorAll<HTMLElement>("[style*=height]")];
  expect(columns.map(({ style }) => style.height)).toEqual(["70%", "0%", "70%", "0%", "70%", "0%", "70%"]);
  expect(columns.map(({ className }) => /bg-accent/.test(className))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("without members no share is shown", async () => {
  network.answer(`GET /corporations/${id}/freshness`, [entry("members", { version: 0 })]);
  rowsOf("member-tracking", []);

  show(<ActivityPanel owner={corporationOwner(id)} />);

  expect(await screen.findAllByText("– of all")).toHaveLength(2);
  expect(text("stat-members")).toBe("–");
});

const bucket = (group: string, remaining: number, max = 100) => ({ group, remaining, max });
const roles = ["Hangar_Take_1", "Accountant", "Director", "Trader"];
const lastError = { code: "esi.forbidden", message: "No role for it.", at: "2026-11-29T12:00:00.000Z" };

test("directors are listed with their health, roles, what they lack and what is left of their budgets", async () => {
  network.answer(`GET /corporations/${id}/directors`, [
    director({ roles, buckets: ["a", "b", "c", "d", "e"].map((name, at) => bucket(name, at * 20)) }),
    director({ characterId: 2, name: "Bob Example", healthy: false, roles: ["Accountant", "Trader"], lastError }),
    director({ characterId: 3, name: "Cid", missingScopes: ["a", "b"], missingRolesFor: ["member-titles"] }),
  ] as object[]);
  show(<DirectorsPanel corporationId={id} />);

  await screen.findByText("2 of 3 healthy");
  const item = (name: string) => screen.getByText(name).closest("li") as HTMLElement;
  expect(item("Ann Example").textContent).toContain("Not used yetHealthy");
  expect(item("Ann Example").textContent).toContain("Director+2 roles");
  const groups = within(item("Ann Example"))
    .getAllByTitle(/tokens left/)
    .map(({ textContent }) => textContent);
  expect(groups).toEqual(["a0/100", "b20/100", "c40/100", "d60/100"]);
  const colours = within(item("Ann Example"))
    .getAllByTitle(/tokens left/)
    .map((each) => /bg-(failed|stale|muted)/.exec(each.innerHTML)?.[1]);
  expect(colours).toEqual(["failed", "stale", "muted", "muted"]);
  expect(item("Bob Example").textContent).toMatch(/Unhealthy.*No role for it\..*AccountantTrader$/);
  expect(item("Cid").textContent).toMatch(/2 scopes missingRoles missing for 1$/);
});

test("the directors' board shows who can fetch what, which datasets depend on one director, and the budgets left", async () => {
  loggedIn(network);
  network.answer("GET /datasets", [
    dataset("members", { scopes: ["s"], roles: ["Director"] }),
    dataset("wallets", { scopes: ["s"], roles: ["Accountant", "Junior_Accountant"] }),
    dataset("orders", { scopes: ["t"] }),
    dataset("public-info"),
  ]);
  const scopes = Array.from({ length: 10 }, (_, at) => `scope-${at}`);
  network.answer(`GET /corporations/${id}/directors`, [
    director({ roles, lastError, consecutiveFailures: 2, buckets: [bucket("a", 25), bucket("b", 50)] } as object),
    director({
      characterId: 2,
      name: "Bob Example",
      missingScopes: ["t", ...scopes],
      missingRolesFor: ["wallets", "members"],
    }),
  ]);
  openApp(`/corporations/${id}/directors`);

  const stat = async (title: string) => (await screen.findAllByText(title))[0]?.nextElementSibling?.textContent;
  expect([await stat("Datasets covered"), await stat("Depend on one director"), await stat("Budget left")]).toEqual([
    "3/3",
    "3",
    "38 %",
  ]);
  expect(screen.getByText("2 healthy")).toBeDefined();
  const ann = screen.getByTestId("director-2100000001").textContent;
  expect(ann).toContain("2 in a row");
  expect(ann).toContain("Roles heldDirectorAccountantTrader");
  const bob = screen.getByTestId("director-2").textContent;
  expect(bob).toContain("and 3 more");
  expect(bob).toContain("This token has not been used in the last 15 minutes.");
  const row = (name: string) => screen.getByRole("rowheader", { name }).closest("tr") as HTMLElement;
  const marks = (name: string) =>
    [...row(name).querySelectorAll("[aria-label]")].map((each) => each.getAttribute("aria-label"));
  expect(marks("members").filter((each) => each !== null)).toEqual(["Can fetch it", "Lacks the in-game role"]);
  expect(marks("orders")).toEqual(["Can fetch it", "Did not grant the scope"]);
  expect(row("orders").textContent).toBe("orders1");
  expect(screen.getByText("Accountant or Junior Accountant")).toBeDefined();
  expect(screen.getByText("No particular role")).toBeDefined();
});

const removal = `DELETE /corporations/${id}/directors/2100000001`;

async function removeDirector({ user }: Pick<ReturnType<typeof openApp>, "user">): Promise<void> {
  await user.click(await screen.findByRole("button", { name: "Remove Ann Example as a director" }));
  const question = await screen.findByRole("alertdialog");
  expect(question.textContent).toContain("with its last director everything that is stored of it is deleted");
  expect(network.calls).not.toContain(removal);
  await user.click(within(question).getByRole("button", { name: "Remove" }));
}

test("after removing their last director users learn that they no longer see the corporation, and leave its page", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/directors`, [director()]);
  network.answer(removal, () => {
    network.answer("GET /corporations", []);
    return nothing();
  });
  const app = openApp(`/corporations/${id}/directors`);

  await removeDirector(app);

  await screen.findByText("You no longer see the corporation");
  await waitFor(() => expect(app.router.state.location.pathname).toBe("/dashboard"));
});

test("whoever removes one of several directors stays, and the director goes", async () => {
  loggedIn(network);
  const other = director({ characterId: 2, name: "Bob Example" });
  network.answer(`GET /corporations/${id}/directors`, [director(), other]);
  network.answer(removal, () => {
    network.answer(`GET /corporations/${id}/directors`, [other]);
    return nothing();
  });
  const app = openApp(`/corporations/${id}/directors`);

  await removeDirector(app);

  await waitFor(() => expect(screen.queryByTestId("director-2100000001")).toBeNull());
  await screen.findByTestId("director-2");
  expect(app.router.state.location.pathname).toBe(`/corporations/${id}/directors`);
});

test("a director who must log in again has a link if it is the user's own character, and else a name to ask", async () => {
  loggedIn(network);
  const dead = { healthy: false, lastError: { ...lastError, code: "token.dead" } };
  network.answer(`GET /corporations/${id}/directors`, [
    director(dead as object),
    director({ characterId: 2, name: "Bob Example", ...dead } as object),
    director({ characterId: 3, name: "Cid" }),
  ]);
  openApp(`/corporations/${id}/directors`);

  const link = await screen.findByRole("link", { name: "Log in with Ann Example" });
  expect(link.getAttribute("href")).toContain("2100000001");
  expect(within(screen.getByTestId("director-2")).getByText("Ask Bob Example to log in here.")).toBeDefined();
  const cid = within(screen.getByTestId("director-3"));
  expect([cid.queryByRole("link", { name: /Log in with/ }), cid.queryByText(/to log in here/)]).toEqual([null, null]);
  expect(screen.getAllByText("Unhealthy")).toHaveLength(2);
});

test("datasets that no director can fetch are counted", async () => {
  loggedIn(network);
  network.answer("GET /datasets", [dataset("members", { scopes: ["s"], roles: ["Director"] })]);
  network.answer(`GET /corporations/${id}/directors`, [director({ missingRolesFor: ["members"] })]);
  openApp(`/corporations/${id}/directors`);

  await screen.findByText("1 nobody can fetch");

  expect(screen.getByText("0/1").className).toContain("text-failed");
  expect(screen.getByText("nobody")).toBeDefined();
  expect(screen.getByText("–", { selector: ".font-semibold" })).toBeDefined();
});

test.each<[string, string | undefined, string]>([
  ["k", "ctrlKey", "palette"],
  ["d", undefined, "/dashboard"],
  ["c", undefined, "/characters"],
  ["m", undefined, `/corporations/${id}/members`],
  ["w", undefined, `/corporations/${id}/wallet`],
  ["a", undefined, `/corporations/${id}/assets`],
  ["x", undefined, `/corporations/${id}/directors`],
])("the keys g and %s (%s) lead to %s", async (key, modifier, where) => {
  loggedIn(network);
  const { router } = openApp(`/corporations/${id}/directors`);
  await screen.findByText("Nobody fetches for this corporation");

  if (modifier) fireEvent.keyDown(window, { key, [modifier]: true });
  else {
    fireEvent.keyDown(window, { key: "g" });
    fireEvent.keyDown(window, { key });
  }

  if (where === "palette") await screen.findByRole("dialog");
  else await waitFor(() => expect(router.state.location.pathname).toBe(where));
});

test("keys mean nothing to the app while somebody types, or with another modifier", async () => {
  loggedIn(network);
  const { router } = openApp(`/corporations/${id}`);
  const input = await screen.findByRole("textbox", { name: "Search datasets" });

  for (const target of [input, window]) {
    fireEvent.keyDown(target, { key: "g", altKey: target === window });
    fireEvent.keyDown(target, { key: "d" });
  }
  await new Promise((resolve) => setTimeout(resolve));

  expect(router.state.location.pathname).toBe(`/corporations/${id}`);
});

test.each<[Range, string]>([
  [{}, "Any time"],
  [{ from: "2026-11-20" }, "2026.11.20 – now"],
  [{ to: "2026-11-20" }, "… – 2026.11.20"],
  [{ from: "2026-11-20T10:00:00Z", to: "2026-11-21" }, "2026.11.20 10:00 – 2026.11.21"],
])("a range of days %j reads %j", async (range, label) => {
  show(<DateRange range={range} otherwise="Any time" onChange={() => undefined} />);

  await screen.findByRole("button", { name: label });

  expect(screen.queryByRole("button", { name: "Lift the filter on dates" }) !== null).toBe(label !== "Any time");
});

test("a range is chosen by days, ended by a day, and lifted", async () => {
  const chosen: Range[] = [];
  const range = { from: "2026-11-20" };
  const { user } = show(<DateRange range={range} otherwise="Any time" onChange={(next) => void chosen.push(next)} />);
  const ago = (days: number) => new Date(Date.now() - days * day).toISOString().slice(0, 10);

  await user.click(await screen.findByRole("button", { name: "2026.11.20 – now" }));
  for (const name of ["Today", "Last 7 days", "Last 30 days", "Last 90 days"]) {
    await user.click(await screen.findByRole("button", { name }));
  }
  fireEvent.change(screen.getByLabelText("Up to and with"), { target: { value: "2026-11-25" } });
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "" } });
  fireEvent.click(screen.getByLabelText("Lift the filter on dates"));

  expect(chosen).toEqual([
    ...[0, 7, 30, 90].map((days) => ({ from: ago(days) })),
    { from: "2026-11-20", to: "2026-11-25" },
    {},
    {},
  ]);
});
