import { VisibleError } from "@tapi/core/platform/error";
import { expect, test } from "vitest";
import { withError } from "./login-error.ts";

test("what a person can read about leads to the page that the login began on", () => {
  const refused = (details?: Record<string, unknown>) =>
    new VisibleError("forbidden", "session.refused", "No.", details);

  expect(withError("/wallet", refused())).toBe("/wallet?error=session.refused");
  expect(withError("/", refused({ returnTo: "/assets?sort=name" }))).toBe("/assets?sort=name&error=session.refused");
});

test("what breaks on our side during a login is thrown on, and never becomes a page with a reason of nothing", () => {
  const bug = new TypeError("x is undefined");

  expect(() => withError("/", bug)).toThrow(bug);
});
