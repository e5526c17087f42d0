// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { loggedIn } from "../../test/corporation.ts";
import { failure, page, scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";
import { parseAdminSearch } from "./search.ts";

const network = scriptedNetwork();
const sentAt = "2026-11-29T12:00:00.000Z";
const queues = [
  { queue: "refresh", waiting: 1200, inFlight: 300, deadLetters: 2 },
  { queue: "schedule", waiting: 0, inFlight: 750, deadLetters: 0 },
];
const letter = (over: object = {}) => ({
  messageId: "0123456789abcdef",
  queue: "refresh",
  datasets: [],
  type: "refresh.dataset",
  sentAt,
  reason: { code: "esi.malformed", message: "It was not JSON." },
  attempts: [
    { messageId: "m", number: 1, at: sentAt, code: "esi.timeout", message: "No answer.", requestId: "request-7" },
    { messageId: "m", number: 2, at: sentAt, code: "esi.malformed", message: "Half of it." },
  ],
  body: '{"a":1}',
  ...over,
});
const letters = [
  letter({ owner: { kind: "corporation", id: 98_000_001 }, ownerName: "Signal", datasets: ["member-titles"] }),
  letter({
    messageId: "b",
    owner: { kind: "corporation", id: 98_000_002 },
    attempts: [],
    reason: { code: "x.y", message: "Other." },
  }),
  letter({ messageId: "c", datasets: ["assets"], reason: { code: "x.z", message: "Third." } }),
];

function administers(admin = true): void {
  loggedIn(network);
  network.answer("GET /session", {
    user: { userId: "user-1", admin, main: { characterId: 2_100_000_001, name: "Ann Example" } },
  });
  network.answer("GET /admin/queues", queues);
  network.answer("GET /admin/dead-letters", page(letters, { total: 1234, oldestSentAt: sentAt }));
}

const stat = async (title: string) => {
  const cell = (await within(await screen.findByTestId("admin")).findByText(title)).parentElement;
  return [...(cell?.children ?? [])].slice(1).map(({ textContent }) => textContent);
};
const letterOf = async (text: string) => (await screen.findByText(text)).closest("li") as HTMLElement;

test("to others the administration's address does not exist", async () => {
  administers(false);

  openApp("/admin");

  await screen.findByText("There is nothing at this address");
  expect(network.calls.filter((call) => call.includes("/admin/"))).toEqual([]);
});

test("the figures of all queues are added up, and the fullest is the one with most to do", async () => {
  administers();

  openApp("/admin");

  await waitFor(async () => expect(await stat("Waiting")).toEqual(["1,200", "In 2 queues"]));
  expect(await stat("In flight")).toEqual(["1,050", "Being worked on"]);
  expect(await stat("Fullest queue")).toEqual(["refresh", "1,500 in it"]);
  const dead = screen.getByTestId("stat-dead-letters");
  expect([dead.textContent, dead.firstElementChild?.className]).toEqual(["2", "text-failed"]);
});

test("with empty queues none is the fullest, and nothing is marked", async () => {
  administers();
  network.answer("GET /admin/queues", [{ queue: "refresh", waiting: 0, inFlight: 0, deadLetters: 0 }]);
  network.answer("GET /admin/dead-letters", page([], { total: 0 }));

  openApp("/admin");

  await screen.findByText("No dead letters");
  expect(await stat("Fullest queue")).toEqual(["–", "All empty"]);
  expect(screen.getByTestId("stat-dead-letters").firstElementChild?.className).toBe("");
  expect(screen.getByTestId("dead-letters-total").textContent).toBe("0 in all queues");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("a dead letter names its owner and dataset as far as they are known, and its reason", async () => {
  administers();

  openApp("/admin");

  const first = await letterOf("It was not JSON.");
  expect(first.textContent).toContain("refreshSignalMember titles");
  expect(first.textContent).toContain("esi.malformed · 2 attempts · sent");
  expect(within(first).getByRole("link", { name: "Member titles" }).getAttribute("href")).toBe(
    "/corporations/98000001/data/member-titles",
  );
  expect((await letterOf("Other.")).textContent).toContain("Corporation 98000002refresh.dataset");
  const third = await letterOf("Third.");
  expect(third.textContent).toContain("No ownerassets");
  expect(within(third).queryByRole("link")).toBeNull();
  expect(screen.getByTestId("dead-letters-total").textContent).toMatch(/^1,234 in all queues, the oldest sent /);
});

test("a dead letter's details show each attempt and the message, and close again", async () => {
  administers();
  const { user } = openApp("/admin");
  const first = await letterOf("It was not JSON.");
  const details = within(first).getByRole("button", { name: "Details" });
  expect([
    details.getAttribute("aria-expanded"),
    first.querySelector("pre"),
    first.querySelector(".rotate-90"),
  ]).toEqual(["false", null, null]);

  await user.click(details);

  const attempts = [...first.querySelectorAll("ol > li")].map(({ textContent }) => textContent);
  expect(attempts).toEqual([
    "1. 2026.11.29 12:00 esi.timeoutNo answer.Request request-7",
    "2. 2026.11.29 12:00 esi.malformedHalf of it.",
  ]);
  expect(first.querySelector("pre")?.textContent).toBe('{"a":1}');
  expect(first.querySelector(".rotate-90")).not.toBeNull();
  await user.click(details);
  expect(first.querySelector("pre")).toBeNull();
  const other = await letterOf("Other.");
  await user.click(within(other).getByRole("button", { name: "Details" }));
  expect(within(other).getByText("None left a trace.")).toBeDefined();
});

test("a letter sent back is named by queue and id, and everything about letters is read again", async () => {
  administers();
  network.answer("POST /admin/dead-letters/redrive", { moved: 1 });
  const { user } = openApp("/admin");

  await user.click(within(await letterOf("It was not JSON.")).getByRole("button", { name: "Send back" }));

  await waitFor(() =>
    expect(network.calls.filter((call) => call.startsWith("GET /admin/dead-letters")).length).toBeGreaterThan(1),
  );
  expect(network.bodies["POST /admin/dead-letters/redrive"]).toEqual({
    queue: "refresh",
    messageId: "0123456789abcdef",
  });
  await screen.findByText("Sent back to be tried again");
});

test("a letter that could not be sent back stays, shows the reason, and can be tried again", async () => {
  administers();
  network.answer("POST /admin/dead-letters/redrive", failure(409, "dead_letter.moving", "It is being moved."));
  const { user } = openApp("/admin");
  const button = within(await letterOf("It was not JSON.")).getByRole<HTMLButtonElement>("button", {
    name: "Send back",
  });

  await user.click(button);

  await screen.findByText("It is being moved.");
  await waitFor(() => expect(button.disabled).toBe(false));
});

test("a letter is discarded with a reason of three letters at least, which stays typed where it failed", async () => {
  administers();
  network.answer("POST /admin/dead-letters/discard", failure(500, "internal", "Not now."));
  const { user } = openApp("/admin");
  await user.click(within(await letterOf("It was not JSON.")).getByRole("button", { name: "Discard" }));
  const dialog = await screen.findByRole("dialog", { name: "Discard this message" });
  const submit = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Discard" });
  const why = within(dialog).getByRole<HTMLTextAreaElement>("textbox");
  await user.type(why, " no ");
  expect(submit.disabled).toBe(true);
  await user.type(why, "t");
  expect(submit.disabled).toBe(false);

  await user.click(submit);
  await screen.findByText("Not now.");
  await waitFor(() => expect([submit.disabled, why.value]).toEqual([false, " no t"]));
  expect(network.bodies["POST /admin/dead-letters/discard"]).toMatchObject({ reason: "no t" });
  network.answer("POST /admin/dead-letters/discard", { discarded: 1 });
  await user.click(submit);

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await screen.findByText("Discarded");
});

test("the letters of one queue are sent back or discarded together; those of all queues are not", async () => {
  administers();
  network.answer("POST /admin/dead-letters/redrive", { moved: 2 });
  network.answer("POST /admin/dead-letters/discard", { discarded: 2 });
  const { user, router } = openApp("/admin");
  await letterOf("It was not JSON.");
  expect(screen.queryByRole("button", { name: "Send all back" })).toBeNull();

  await user.click(screen.getByRole("button", { name: "All queues" }));
  await user.click(await screen.findByRole("menuitem", { name: "refresh 2" }));
  await user.click(await screen.findByRole("button", { name: "Send all back" }));
  const question = await screen.findByRole("alertdialog", { name: "Send 2 dead letters of refresh back?" });
  await user.click(within(question).getByRole("button", { name: "Send back" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Discard all" }));
  const dialog = await screen.findByRole("dialog", { name: "Discard 2 dead letters of refresh" });
  await user.type(within(dialog).getByRole("textbox"), "out of date{Tab}{Tab}{Enter}");

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(router.state.location.search).toEqual({ queue: "refresh" });
  expect(network.calls.some((call) => call === "GET /admin/dead-letters?limit=50&queue=refresh")).toBe(true);
  expect(network.bodies["POST /admin/dead-letters/redrive"]).toEqual({ queue: "refresh", all: true });
  expect(network.bodies["POST /admin/dead-letters/discard"]).toEqual({
    queue: "refresh",
    all: true,
    reason: "out of date",
  });
});

test("what is left of the letters is fetched by its cursor, once somebody asks for more", async () => {
  administers();
  const pages: Record<string, unknown> = {
    next: page([letter({ messageId: "z", reason: { code: "z", message: "Last." } })], { total: 4 }),
  };
  network.answer(
    "GET /admin/dead-letters",
    (url: URL) => pages[url.searchParams.get("cursor") ?? ""] ?? page(letters, { total: 4, nextCursor: "next" }),
  );
  const { user } = openApp("/admin");

  await user.click(await screen.findByRole("button", { name: "Show more" }));

  await screen.findByText("Last.");
  expect(screen.getAllByTestId("dead-letter")).toHaveLength(4);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("letters that cannot be read say so, and are read again on demand", async () => {
  administers();
  network.answer("GET /admin/dead-letters", failure(400, "dead_letter.unknown_queue", "There is no such queue."));
  const { user } = openApp("/admin?queue=nonsense");
  await screen.findByText("There is no such queue.");
  expect(screen.queryByText("No dead letters")).toBeNull();
  network.answer("GET /admin/dead-letters", page(letters, { total: 3 }));

  await user.click(screen.getByRole("button", { name: /again/i }));

  await letterOf("It was not JSON.");
});

test("each queue shows what waits, what is being done, both as a share of the fullest, and its dead letters", async () => {
  administers();
  const { user, router } = openApp("/admin");

  await user.click(await screen.findByRole("radio", { name: "Queues" }));

  const row = await screen.findByTestId("queue-refresh");
  expect([...row.children].map(({ textContent }) => textContent)).toEqual(["refresh", "1,200", "300", "", "2"]);
  const widths = (queue: string) =>
    [...screen.getByTestId(`queue-${queue}`).querySelectorAll<HTMLElement>("[style]")].map(({ style }) => style.width);
  expect([widths("refresh"), widths("schedule")]).toEqual([
    ["20%", "80%"],
    ["50%", "0%"],
  ]);
  expect(within(screen.getByTestId("queue-schedule")).queryByRole("link")).toBeNull();
  expect(router.state.location.search).toEqual({ part: "queues" });
  await user.click(within(row).getByRole("link", { name: "2" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ queue: "refresh" }));
});

test("empty queues have bars without a width", async () => {
  administers();
  network.answer("GET /admin/queues", [{ queue: "refresh", waiting: 0, inFlight: 0, deadLetters: 0 }]);

  openApp("/admin?part=queues");

  const row = await screen.findByTestId("queue-refresh");
  const bars = [...row.querySelectorAll<HTMLElement>("[style]")].map(({ style }) => style.width);
  expect(bars).toEqual(["0%", "0%"]);
});

test("the audit log shows who did what to how much, and why, unknown actions included", async () => {
  administers();
  const done = { at: sentAt, by: "Ann Example" };
  network.answer(
    "GET /admin/audit",
    page(
      [
        {
          ...done,
          id: "1",
          action: "dead_letter.discarded",
          reason: "Out of date",
          subject: { queue: "refresh", count: 3, messageId: "0123456789abcdef", body: "the body" },
        },
        { ...done, id: "2", action: "dead_letter.redriven", subject: { queue: "refresh", count: 1 } },
        { ...done, id: "3", action: "corporation.removed", subject: {} },
      ],
      {},
    ),
  );

  openApp("/admin?part=audit");

  const first = (await screen.findByText("“Out of date”")).closest("li") as HTMLElement;
  const entries = [...(first.parentElement?.children ?? [])];
  expect(entries.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(
      /^Dead.letter discardedAnn Examplerefresh · 3 messages01234567.*“Out of date”The messagethe body$/,
    ),
    expect.stringMatching(/^Dead.letter redrivenAnn Examplerefresh · 1 message\d/),
    expect.stringMatching(/^Corporation removedAnn Example/),
  ]);
  expect(entries.map((entry) => [entry.querySelector("details"), entry.querySelector("p")].map(Boolean))).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
  expect(new Set(entries.map((entry) => entry.firstElementChild?.className)).size).toBe(3);
});

test("a log without entries says so, and one that fails is read again on demand", async () => {
  administers();
  network.answer("GET /admin/audit", failure(400, "audit.broken", "The log is broken."));
  const { user } = openApp("/admin?part=audit");
  await screen.findByText("The log is broken.");
  network.answer("GET /admin/audit", page([], {}));

  await user.click(screen.getByRole("button", { name: /again/i }));

  await screen.findByText("Nothing has been done yet");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("inactive corporations show since when, and when their data is deleted", async () => {
  administers();
  network.answer("GET /admin/corporations", [
    {
      corporationId: 98_000_001,
      name: "Signal",
      ticker: "SGNL",
      status: "closed",
      statusSince: "2026-11-01T00:00:00.000Z",
      deleteAt: "2026-12-01T00:00:00.000Z",
    },
  ]);
  openApp("/admin?part=corporations");

  const item = (await screen.findByRole("link", { name: "Signal [SGNL]" })).closest("li");

  expect(item?.textContent).toBe("Signal [SGNL]Closed since 2026.11.01Deleted on 2026.12.01");
});

test("without inactive corporations the page says so", async () => {
  administers();
  network.answer("GET /admin/corporations", []);

  openApp("/admin?part=corporations");

  await screen.findByText("Every corporation is active");
});

test.each([
  [{}, {}],
  [{ part: "dead-letters", queue: "" }, {}],
  [{ part: "queues", queue: 7 }, { part: "queues" }],
  [
    { part: "audit", queue: "refresh", more: 1 },
    { part: "audit", queue: "refresh" },
  ],
  [{ part: "nonsense" }, {}],
])("of the address %j the administration takes %j", (search, taken) => {
  expect(parseAdminSearch(search)).toEqual(taken);
});
