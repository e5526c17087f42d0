// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../../test/page.tsx";
import { Nested } from "./nested.tsx";

const shown = async (value: object) => {
  show(<div data-testid="it">{Nested({ value })}</div>);
  return (await screen.findByTestId("it")).textContent;
};

test("a list of plain values is written value by value", async () => {
  expect(await shown(["power_core", 1200])).toBe("Power core1,200");
});

test("a list of objects is written with the title of each field, and lists within it as lists", async () => {
  const text = await shown([{ state: "online", fuels: [{ type_id: 4051, type_id_name: "Nitrogen Fuel Block" }] }]);

  expect(text).toBe("State OnlineFuels Type Nitrogen Fuel Block");
});

test("an object, a missing value and an empty list are distinguished", async () => {
  expect(await shown({ is_active: false, note: null, parts: [] })).toBe("Is active noNote –Parts None");
});

test("a long list says how many are not shown", async () => {
  expect(await shown(Array.from({ length: 63 }, () => "x"))).toMatch(/and 3 more$/);
});
