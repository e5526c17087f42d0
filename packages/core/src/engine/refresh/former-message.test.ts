import { expect, test } from "vitest";
import { corporation } from "../../owner/index.ts";
import { Message } from "./index.ts";

test.each([
  ["names a corporation", { corporationId: 98_000_001 }],
  ["names its owner", { owner: corporation(98_000_001) }],
])("a message of an earlier release that %s is about its one dataset", (_, owner) => {
  expect(Message.parse({ ...owner, dataset: "wallets", reason: "user", deferredSince: 5 })).toEqual({
    owner: corporation(98_000_001),
    datasets: ["wallets"],
    reason: "user",
    deferredSince: 5,
  });
});

test("a message about nobody or nothing is refused", () => {
  for (const malformed of [
    { dataset: "wallets", reason: "user" },
    { corporationId: -1, dataset: "wallets", reason: "user" },
    { owner: { kind: "fleet", id: 1 }, dataset: "wallets", reason: "user" },
    { owner: { kind: "corporation", id: 0 }, dataset: "wallets", reason: "user" },
    { owner: corporation(98_000_001), datasets: [], reason: "user" },
    { owner: corporation(98_000_001), datasets: "wallets", reason: "user" },
    { owner: corporation(98_000_001), reason: "user" },
    null,
  ]) {
    expect(Message.safeParse(malformed).success).toBe(false);
  }
});
