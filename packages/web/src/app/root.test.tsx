// @vitest-environment happy-dom
import { screen, waitFor } from "@testing-library/react";
import { act } from "react";
import { expect, test } from "vitest";
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
