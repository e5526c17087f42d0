import type { Terminal } from "./terminal.ts";

/** Runs a command; resolves with the process's exit code. */
type Run = (args: string[], terminal: Terminal) => Promise<number>;

interface Command {
  summary: string;
  /** Loaded when it is asked for: no command waits for what another one needs. */
  load: () => Promise<Run>;
}

/** Every command of `pnpm tapi`, each in a file of its own. */
export const commands: Readonly<Record<string, Command>> = {
  backup: {
    summary: "an installation on this machine as one file",
    load: async () => (await import("./backup.ts")).run,
  },
  csv: {
    summary: "all rows of a dataset as a CSV file",
    load: async () => (await import("./csv.ts")).run,
  },
  datasets: {
    summary: "corporation datasets: what each reads, needs and keeps",
    load: async () => (await import("./datasets.ts")).run,
  },
  dlq: {
    summary: "dead letters: list, show, redrive, discard",
    load: async () => (await import("./dlq.ts")).run,
  },
  export: {
    summary: "every row of an installation as one file, to move between this machine and AWS",
    load: async () => (await import("./transfer.ts")).runExport,
  },
  import: {
    summary: "an export into an empty installation",
    load: async () => (await import("./transfer.ts")).runImport,
  },
  restore: {
    summary: "a backup into an empty data folder",
    load: async () => (await import("./restore.ts")).run,
  },
  setup: {
    summary: "a first deployment to AWS: checks, settings, secret, deployment, smoke",
    load: async () => (await import("../../../../scripts/setup/index.ts")).run,
  },
  smoke: {
    summary: "an installation seen from outside: start page, API, login, socket",
    load: async () => (await import("./smoke.ts")).run,
  },
  tier: {
    summary: "owners and their tiers; sets one",
    load: async () => (await import("./tier.ts")).run,
  },
};
