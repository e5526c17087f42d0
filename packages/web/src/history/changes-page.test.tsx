// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { dataset, id, loggedIn } from "../../test/corporation.ts";
import { failure, page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";
import { corporationOwner } from "../api/owner.ts";
import { changesCsvUrl } from "./query.ts";

const network = scriptedNetwork();
const address = `/corporations/${id}/changes`;
const change = (text: string, over: object = {}) => ({
  id: text,
  at: "2026-11-20T13:07:00.000Z",
  dataset: "orders",
  title: "Orders",
  change: "added",
  text,
  ...over,
});
const between = `GET /corporations/${id}/datasets/orders/changes`;
const history = `GET /corporations/${id}/history`;

beforeEach(() => {
  loggedIn(network);
  network.answer("GET /datasets", [
    dataset("orders", { title: "Orders", group: "Market" }),
    dataset("members", { title: "Members", group: "Members" }),
  ]);
  network.answer(history, page([], {}));
});

const changes = () => screen.queryAllByTestId("change").map(({ textContent }) => textContent);
const download = () => screen.queryByRole("button", { name: "CSV" });

test("what happened stands by its day, with its dataset and time, and a mark of its kind", async () => {
  network.answer(
    history,
    page(
      [
        change("An order came"),
        change("One went", { change: "removed" }),
        change("A price differs", { change: "changed", at: "2026-11-19T23:59:00.000Z" }),
        change("Very much came", { change: "many", at: "2026-11-19T00:01:00.000Z", dataset: "members" }),
      ],
      {},
    ),
  );

  openApp(address);

  await screen.findByRole("heading", { name: "2026.11.20" });
  expect(changes()).toEqual([
    "An order cameOrders13:07",
    "One wentOrders13:07",
    "A price differsOrders23:59",
    "Very much cameOrders00:01",
  ]);
  const looks = screen.getAllByTestId("change").map((each) => each.firstElementChild?.className);
  expect(new Set(looks).size).toBe(4);
  expect(screen.getByRole("heading", { name: "2026.11.19" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Show earlier" })).toBeNull();
  expect(download()).not.toBeNull();
});

test("a feed without entries says so, and whether it is worth looking further back", async () => {
  network.answer(history, (url: URL) =>
    url.searchParams.has("cursor") ? page([change("Long ago")], {}) : page([], { nextCursor: "next" }),
  );
  const { user } = openApp(address);
  await screen.findByText("No notable changes in this period. Earlier ones may exist.");

  await user.click(screen.getByRole("button", { name: "Show earlier" }));

  await waitFor(() => expect(changes()).toEqual(["Long agoOrders13:07"]));
  expect(network.calls).toContain(`${history}?limit=100&cursor=next`);
  expect(screen.queryByRole("button", { name: "Show earlier" })).toBeNull();
});

test("an empty feed says what will appear", async () => {
  openApp(address);

  await screen.findByText("Changes will appear here as they happen.");
});

test("a feed that fails is read again on demand", async () => {
  network.answer(history, failure(400, "history.bad_period", "The period ends before it begins."));
  const { user } = openApp(address);
  await screen.findByText("The period ends before it begins.");
  network.answer(history, page([change("It came")], {}));

  await user.click(screen.getByRole("button", { name: "Try again" }));

  await waitFor(() => expect(changes()).toHaveLength(1));
});

test("one dataset's changes are asked for by its name, which is chosen from lists of each part", async () => {
  const { user, router } = openApp(address);
  const choice = await screen.findByRole<HTMLSelectElement>("combobox", { name: "Dataset" });
  const groups = [...choice.querySelectorAll("optgroup")].map(({ label, children }) => [
    label,
    ...[...children].map(({ textContent }) => textContent),
  ]);
  expect(groups.sort()).toEqual([
    ["Market", "Orders"],
    ["Members", "Members"],
  ]);
  expect([choice.value, choice.options[0]?.text]).toEqual(["", "All notable changes"]);

  await user.selectOptions(choice, "orders");

  await waitFor(() => expect(router.state.location.search).toEqual({ dataset: "orders" }));
  await waitFor(() => expect(network.calls).toContain(`${history}?dataset=orders&limit=100`));
  await user.selectOptions(choice, "");
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("two moments are compared once a dataset and the earlier one are chosen, and downloaded from then on", async () => {
  network.answer(between, page([change("It is new")], { added: 1, removed: 2, changed: 1234 }));
  const { user, router } = openApp(address);

  await user.click(await screen.findByRole("radio", { name: "Between two moments" }));
  await screen.findByText("Choose a dataset and from when");
  expect(router.state.location.search).toEqual({ compare: true });
  expect(download()).toBeNull();
  const choice = screen.getByRole<HTMLSelectElement>("combobox", { name: "Dataset" });
  expect(choice.options[0]?.text).toBe("Choose a dataset");
  await user.selectOptions(choice, "orders");
  await waitFor(() => expect(router.state.location.search).toEqual({ compare: true, dataset: "orders" }));
  expect([screen.queryByTestId("difference"), download()]).toEqual([null, null]);
  await user.click(screen.getByRole("button", { name: "Choose two days" }));
  fireEvent.change(await screen.findByLabelText("From"), { target: { value: "2026-11-01" } });

  const difference = await screen.findByTestId("difference");
  expect([...difference.children].map(({ textContent }) => textContent)).toEqual([
    "1 new",
    "2 gone",
    "1,234 different",
  ]);
  expect(changes()).toEqual(["It is newOrders"]);
  expect(router.state.location.search).toEqual({ compare: true, dataset: "orders", from: "2026-11-01" });
  expect(network.calls).toContain(`${between}?from=2026-11-01&limit=100`);
  expect(screen.queryByText("No difference")).toBeNull();
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

const compared = `${address}?compare=true&dataset=orders&from=%222026-11-01%22&to=%222026-11-05%22`;

test("without a difference the page says so; further pages are loaded on demand", async () => {
  network.answer(between, (url: URL) =>
    url.searchParams.has("cursor") ? page([change("The last")], {}) : page([], { nextCursor: "next" }),
  );
  const { user } = openApp(compared);
  await screen.findByText("No difference");
  expect(screen.getByTestId("difference").textContent).toBe("0 new0 gone0 different");

  await user.click(screen.getByRole("button", { name: "Show more" }));

  await waitFor(() => expect(changes()).toEqual(["The lastOrders"]));
  expect(network.calls).toContain(`${between}?from=2026-11-01&to=2026-11-05&limit=100&cursor=next`);
  expect(screen.queryByText("No difference")).toBeNull();
});

test("a comparison that fails is made again on demand", async () => {
  network.answer(between, failure(400, "history.expired", "So far back nothing is kept."));
  const { user } = openApp(compared);
  await screen.findByText("So far back nothing is kept.");
  network.answer(between, page([change("It is new")], { added: 1 }));

  await user.click(screen.getByRole("button", { name: "Try again" }));

  await waitFor(() => expect(changes()).toEqual(["It is newOrders"]));
});

test.each([
  [{}, "/history.csv"],
  [{ dataset: "orders", from: "2026-11-01" }, "/history.csv?from=2026-11-01&dataset=orders"],
  [{ compare: true, dataset: "orders" }, "/history.csv?dataset=orders"],
  [{ compare: true, from: "2026-11-01" }, "/history.csv?from=2026-11-01"],
  [
    { compare: true, dataset: "orders", from: "2026-11-01", to: "2026-11-05" },
    "/datasets/orders/changes.csv?from=2026-11-01&to=2026-11-05",
  ],
] as const)("the file of %j is %s", (search, path) => {
  expect(changesCsvUrl(corporationOwner(id), search).split(`/corporations/${id}`)[1]).toBe(path);
});
