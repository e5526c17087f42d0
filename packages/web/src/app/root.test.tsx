// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { act } from "react";
import { expect, onTestFinished, test, vi } from "vitest";
import { director, id, loggedIn } from "../../test/corporation.ts";
import { scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";
import { sessionQuery } from "../session/query.ts";

const network = scriptedNetwork();

test("a page whose session ended elsewhere stays whole until the start page takes its place", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/directors`, [director()]);
  const { queries, router } = openApp(`/corporations/${id}/directors`);
  await screen.findByTestId("director-2100000001");

  await act(async () => queries.setQueryData(sessionQuery.queryKey, { user: null }));

  expect(screen.getByTestId("director-2100000001")).toBeTruthy();
  expect(screen.getByRole("navigation", { name: "Main" })).toBeTruthy();
  await act(() => router.invalidate());
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  await waitFor(() => expect(screen.queryByRole("navigation", { name: "Main" })).toBeNull());
});

test("whoever leaves for the start page keeps the frame until that page is there", async () => {
  loggedIn(network);
  network.answer(`GET /corporations/${id}/directors`, [director()]);
  const { queries, router } = openApp(`/corporations/${id}/directors`);
  await screen.findByTestId("director-2100000001");
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => errors.mockRestore());
  const atStart = () => screen.queryByTestId("login") !== null;
  const frameless = vi.fn<() => void>();
  const watch = new MutationObserver(() => {
    if (!atStart() && screen.queryByRole("navigation", { name: "Main" }) === null) frameless();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  onTestFinished(() => watch.disconnect());

  await act(async () => {
    queries.setQueryData(sessionQuery.queryKey, { user: null });
    await router.navigate({ to: "/" });
  });

  await screen.findByTestId("login");
  const said = errors.mock.calls.map(([text]) => String(text)).filter((text) => !text.includes("act("));
  expect(said).toEqual([]);
  expect(frameless).not.toHaveBeenCalled();
});
