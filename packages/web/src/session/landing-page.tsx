import { useSearch } from "@tanstack/react-router";
import { Activity, KeyRound, type LucideIcon, Radio, TriangleAlert } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Mark } from "../ui/mark.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { FreshnessPreview } from "./freshness-preview.tsx";
import { loginErrorWords } from "./login-error.ts";
import { loginUrl } from "./query.ts";

const promises: { icon: LucideIcon; title: string; text: string }[] = [
  {
    icon: Activity,
    title: "As fresh as EVE allows",
    text: "Every dataset is fetched the moment its cache expires, within EVE's own limits. Each figure says how old it is, who fetched it, and when the next one is due.",
  },
  {
    icon: Radio,
    title: "Live, without reload",
    text: "Members joining, ISK moving, hangars filling: what changed is on your screen seconds after it is known, and nothing else moves.",
  },
  {
    icon: KeyRound,
    title: "Your tokens stay yours",
    text: "Tokens are encrypted one by one. Each pilot reads when and for what theirs was used, and takes it back with one click.",
  },
];

export function LandingPage() {
  usePageTitle("Your corporation, live");
  const { error, returnTo } = useSearch({ from: "/" });
  const login = loginUrl("login", returnTo ?? "/dashboard");
  return (
    <div className="relative isolate flex min-h-dvh flex-col overflow-hidden">
      <Backdrop />
      <header className="mx-auto flex w-full max-w-6xl items-center gap-2.5 px-5 py-5">
        <Mark />
        <span className="font-semibold text-base text-ink tracking-tight">TAPI</span>
      </header>
      <main
        id="main"
        className="mx-auto grid w-full max-w-6xl grow items-center gap-12 px-5 py-8 lg:grid-cols-[1.05fr_1fr]"
      >
        <div>
          {error ? (
            <p
              role="alert"
              className="mb-6 flex max-w-lg gap-2.5 rounded-lg border border-failed/30 bg-failed/10 px-3.5 py-2.5 text-failed"
            >
              <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
              {loginErrorWords(error)}
            </p>
          ) : null}
          <h1 className="max-w-xl text-balance text-4xl leading-[1.1] tracking-[-0.03em] sm:text-5xl">
            Your corporation, live.
          </h1>
          <p className="mt-5 max-w-lg text-pretty text-base text-muted leading-relaxed">
            Members, wallets and assets of your EVE Online corporation in one place: always current, always honest about
            how current.
          </p>
          <div className="mt-8 flex flex-wrap items-center gap-4">
            <Button asChild look="primary" size="large">
              <a href={login} data-testid="login">
                Log in with EVE Online
              </a>
            </Button>
            <span className="text-faint">No password here. You choose which character.</span>
          </div>
        </div>
        <FreshnessPreview />
        <ul className="grid gap-x-10 gap-y-7 border-line border-t pt-8 sm:grid-cols-3 lg:col-span-2">
          {promises.map(({ icon: Icon, title, text }) => (
            <li key={title}>
              <Icon className="size-4.5 text-accent" aria-hidden />
              <h2 className="mt-3 text-sm">{title}</h2>
              <p className="mt-1.5 text-pretty text-muted leading-relaxed">{text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="mx-auto w-full max-w-6xl px-5 py-6 text-faint text-xs">
        EVE Online and the EVE logo are the registered trademarks of CCP hf. All rights are reserved worldwide. CCP hf.
        is not affiliated with this site.
      </footer>
    </div>
  );
}

/** A planet's limb and a few stars, drawn by gradients alone. */
function Backdrop() {
  return (
    <div aria-hidden className="-z-10 absolute inset-0 overflow-hidden">
      <div
        className="absolute inset-0 opacity-60"
        style={{
          backgroundImage: [
            "radial-gradient(1px 1px at 12% 22%, white, transparent)",
            "radial-gradient(1px 1px at 31% 9%, white, transparent)",
            "radial-gradient(1.5px 1.5px at 47% 31%, oklch(0.85 0.06 235), transparent)",
            "radial-gradient(1px 1px at 66% 13%, white, transparent)",
            "radial-gradient(1px 1px at 83% 27%, white, transparent)",
            "radial-gradient(1.5px 1.5px at 93% 8%, oklch(0.9 0.05 80), transparent)",
            "radial-gradient(1px 1px at 74% 47%, white, transparent)",
            "radial-gradient(1px 1px at 5% 61%, white, transparent)",
          ].join(", "),
        }}
      />
      <div
        className="-right-[30rem] -bottom-[62rem] absolute size-[84rem] rounded-full"
        style={{
          background:
            "radial-gradient(circle at 32% 18%, oklch(0.3 0.05 245 / 0.55), oklch(0.145 0.008 260 / 0.9) 46%)",
          boxShadow:
            "inset 30px 60px 120px -40px oklch(0.795 0.115 235 / 0.32), 0 0 160px 20px oklch(0.5 0.1 240 / 0.14)",
        }}
      />
    </div>
  );
}
