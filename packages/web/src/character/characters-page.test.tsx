// @vitest-environment happy-dom
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { character, loggedIn } from "../../test/corporation.ts";
import { scriptedNetwork } from "../../test/network.ts";
import { openApp } from "../../test/page.tsx";

const network = scriptedNetwork();

type Token = ReturnType<typeof character>["token"];

async function open(token: Token) {
  loggedIn(network);
  network.answer("GET /characters", [character({ characterId: 7, token })]);
  openApp("/characters");
  return within(await screen.findByTestId("character-7"));
}

test("a token works only if it can do all that was asked for", async () => {
  const card = await open({ status: "valid", scopes: ["a.v1"], missingScopes: [] });

  expect(card.getByText("Token works")).toBeDefined();
  expect(card.queryByTestId("renew-7")).toBeNull();
});

test("a token that lacks scopes names them and leads to a login with this very character", async () => {
  const card = await open({ status: "valid", scopes: ["a.v1"], missingScopes: ["b.v1", "c.v1"] });

  expect(card.queryByText("Token works")).toBeNull();
  expect(within(card.getByRole("list", { name: "Missing scopes" })).getAllByRole("listitem")).toHaveLength(2);
  const renew = new URL((card.getByTestId("renew-7") as HTMLAnchorElement).href);
  expect(Object.fromEntries(renew.searchParams)).toEqual({
    purpose: "character",
    returnTo: "/characters",
    characterId: "7",
  });
});

test("a dead token shows why and how to repair it", async () => {
  const card = await open({ status: "dead", scopes: ["a.v1"], missingScopes: ["a.v1"], message: "Revoked at EVE." });

  expect(card.getByText("Token is dead")).toBeDefined();
  expect(card.getByText("Revoked at EVE.")).toBeDefined();
  expect(card.getByTestId("renew-7")).toBeDefined();
});
