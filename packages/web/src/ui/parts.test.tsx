// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "../../test/page.tsx";
import { Bar } from "./bar.tsx";
import { Confirm } from "./confirm.tsx";
import { Segments } from "./segments.tsx";

test.each([
  [-1, "0"],
  [0, "0"],
  [0.256, "26"],
  [1, "100"],
  [7, "100"],
])("a bar of the share %s reports and draws %s percent", async (share, percent) => {
  show(<Bar share={share} label="Fuel" />);

  const bar = await screen.findByRole("progressbar", { name: "Fuel" });

  expect(bar.getAttribute("aria-valuenow")).toBe(percent);
  expect((bar.firstElementChild as HTMLElement).style.width).toBe(`${percent}%`);
});

test("of a few choices the one that is pressed is chosen, and the chosen one cannot be unchosen", async () => {
  const choose = vi.fn();
  const options = [
    { value: "a", label: "First" },
    { value: "b", label: "Second" },
  ];
  const { user } = show(<Segments label="Which" value="a" onChange={choose} options={options} />);

  await user.click(await screen.findByRole("radio", { name: "First" }));
  expect(choose).not.toHaveBeenCalled();
  await user.click(screen.getByRole("radio", { name: "Second" }));

  expect(choose.mock.calls).toEqual([["b"]]);
});

test("an irreversible action runs once confirmed, and its question stays open if it failed", async () => {
  const act = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValueOnce(undefined);
  const { user } = show(
    <Confirm trigger={<button type="button">Remove</button>} title="Sure?" action="Yes" onConfirm={act}>
      It goes.
    </Confirm>,
  );

  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect([act.mock.calls.length, screen.queryByText("Sure?")]).toEqual([0, null]);

  await user.click(screen.getByRole("button", { name: "Remove" }));
  await user.click(await screen.findByRole("button", { name: "Yes" }));
  expect(screen.getByText("Sure?")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Yes" }));

  await vi.waitFor(() => expect(screen.queryByText("Sure?")).toBeNull());
  expect(act).toHaveBeenCalledTimes(2);
});
