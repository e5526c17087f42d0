import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { notifyError } from "../ui/notify.ts";
import { loginErrorWords } from "./login-error.ts";

/** EVE sent the browser back with an error to a page of somebody who is logged in: says it once, and cleans the address. */
export function LoginErrorToast() {
  const { error } = useSearch({ from: "__root__" });
  const navigate = useNavigate();
  useEffect(() => {
    if (!error) return;
    notifyError("That did not work", { description: loginErrorWords(error), id: error, duration: 12_000 });
    void navigate({ to: ".", replace: true, search: ({ error: _, ...rest }: { error?: string }) => rest });
  }, [error, navigate]);
  return null;
}
