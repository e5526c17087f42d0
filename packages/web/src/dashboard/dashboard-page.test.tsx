// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { corporation, entry, id, loggedIn } from "../../test/corporation.ts";
import { failure, scriptedNetwork, silence } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();

const card = async (corporationId: number) =>
  (await screen.findByTestId(`corporation-${corporationId}`)).closest("article") as HTMLElement;

test("one corporation that is missing, broken or slow says so on its own card, and the others show", async () => {
  const [well, missing, broken, slow] = [id, id + 1, id + 2, id + 3];
  loggedIn(
    network,
    [well, missing, broken, slow].map((corporationId) => corporation({ corporationId })),
  );
  network.answer(`GET /corporations/${missing}/freshness`, failure(404, "corporation.not_found"));
  network.answer(`GET /corporations/${broken}/freshness`, failure(500, "internal", "Something broke."));
  network.answer(`GET /corporations/${slow}/freshness`, silence);

  openApp("/dashboard");

  await within(await card(well)).findByText("members");
  await within(await card(missing)).findByText("Not found");
  await within(await card(broken)).findByText("Something broke.");
  expect(within(await card(slow)).getByText(`Corporation ${slow}`)).toBeDefined();
  expect(screen.getAllByText("Not found")).toHaveLength(1);
  expect(screen.getByText("My characters")).toBeDefined();
});

test("a corporation whose figures could not be read says so instead of counting nothing", async () => {
  loggedIn(network, [corporation({ total: 0, fresh: 0, unread: true }), corporation({ corporationId: id + 1 })]);

  openApp("/dashboard");

  const said = "Its stored data cannot be read at the moment.";
  await within(await card(id)).findByText(said);
  expect(within(await card(id + 1)).queryByText(said)).toBeNull();
});

test("a card that did not load is tried again by its own button", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/freshness`, failure(500, "internal", "Something broke."));
  const { user } = openApp("/dashboard");
  const own = within(await card(id));
  await own.findByText("Something broke.");

  network.answer(`GET /corporations/${id}/freshness`, [entry("members")]);
  await user.click(own.getByRole("button", { name: "Try again" }));

  await own.findByText("members");
});

test("what needs attention is named with its corporation and its reason, and nothing else is", async () => {
  const lastError = { code: "esi.forbidden", message: "No role.", at: "2026-11-29T12:00:00.000Z" };
  loggedIn(network);
  network.answer(`GET /corporations/${id}/freshness`, [
    entry("members", { status: "blocked", lastError }),
    entry("wallets", { status: "failed" }),
    entry("orders", { status: "failed", lastError: { ...lastError, code: "esi.rate_limited" } }),
    entry("assets", { status: "stale" }),
  ]);

  openApp("/dashboard");

  const panel = within((await screen.findByText("Needs attention")).closest("section") as HTMLElement);
  expect((await panel.findByRole("link", { name: "TEST: members blocked" })).closest("li")?.textContent).toContain(
    "No role.",
  );
  const without = panel.getByRole("link", { name: "TEST: wallets failed" }).closest("li");
  expect(without?.querySelector("p")?.textContent).toBe("");
  expect(panel.getAllByRole("listitem")).toHaveLength(2);
});

test("nothing is shown only when nothing needs attention", async () => {
  loggedIn(network);

  openApp("/dashboard");

  await screen.findByText("Nothing. All tokens work, and nothing is blocked.");
});

test("an overview of which one part does not load shows the others, and the figure says so", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/wallet/summary`, failure(500, "internal"));
  network.answer(`GET /corporations/${id}/directors`, failure(500, "internal", "No directors just now."));

  openApp(`/corporations/${id}`);

  await waitFor(() => expect(screen.getByTestId("stat-members").textContent).toBe("3"));
  await screen.findByText("Did not load");
  expect(screen.getByTestId("stat-isk-total").textContent).toBe("–");
  await screen.findByTestId("freshness-members");
  await screen.findByText("No directors just now.");
  expect((await screen.findByText(/^Did not load: directors/)).textContent).toContain("directors");
});

test("a page of a corporation stays when the board beside it does not load", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/freshness`, failure(500, "internal", "No board just now."));

  openApp(`/corporations/${id}/directors`);

  await screen.findByRole("heading", { level: 1, name: /Corporation/ });
  await screen.findByText("Nobody fetches for this corporation");
});

test("a corporation that does not exist is reported once", async () => {
  loggedIn(network);
  for (const part of ["", "/freshness", "/directors", "/wallet/summary", "/history"]) {
    network.answer(`GET /corporations/${id}${part}`, failure(404, "corporation.not_found"));
  }

  openApp(`/corporations/${id}`);

  await screen.findByText("Not found");
  expect(screen.getAllByText("Not found")).toHaveLength(1);
});

test("a corporation whose name does not load is called by its id, and its pages work", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}`, failure(500, "internal", "Nothing known."));

  const { user } = openApp(`/corporations/${id}`);

  await screen.findByText(/did not load: Nothing known\./);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe(`Corporation ${id}`);
  await screen.findByTestId("freshness-members");

  network.answer(`GET /corporations/${id}`, corporation({ name: "Here Again" }));
  await user.click(screen.getAllByRole("button", { name: "Try again" })[0] as HTMLElement);

  await screen.findByRole("heading", { level: 1, name: /Here Again/ });
});
