import { type Dataset, rateGroupOf, rolesOf, scopesOf } from "@tapi/core/engine/dataset";
import { type Route, routes } from "@tapi/core/eve/esi";
import { Datasets } from "@tapi/core/owners/corporation";
import { parse } from "./parse.ts";
import { span, table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const usage = `pnpm tapi datasets [options]

Every corporation dataset as it is declared: what it reads, what a director needs for it, how it is kept.

  --json      one JSON document
  --markdown  docs/datasets.md

Exit code: 0 done, 2 asked wrongly.`;

const renewalOf = ({ method, cacheTtlSeconds, daily }: Route): string => {
  if (method === "POST") return "at any time";
  if (daily) return "daily, 11:05 UTC";
  return cacheTtlSeconds ? span(cacheTtlSeconds) : "by event";
};

/** One dataset, as its declaration and the spec's route table have it. */
function describe(dataset: Dataset) {
  const { name, title, queue, storage, after = [], key, minIntervalSeconds } = dataset;
  return {
    name,
    title,
    group: dataset.screen.group,
    routes: dataset.operations.map((operation) => {
      const route: Route = routes[operation];
      return {
        operation,
        method: route.method ?? "GET",
        path: route.path,
        ...(route.pagination ? { pagination: route.pagination } : {}),
        renewed: renewalOf(route),
      };
    }),
    scopes: scopesOf(dataset),
    roles: rolesOf(dataset),
    queue,
    storage,
    key,
    after,
    ...(rateGroupOf(dataset) ? { rateGroup: rateGroupOf(dataset) } : {}),
    ...(minIntervalSeconds ? { minIntervalSeconds } : {}),
  };
}

type Entry = ReturnType<typeof describe>;

const rolesText = ({ roles, scopes }: Entry) =>
  roles.map((role) => role.replaceAll("_", " ")).join(" or ") || (scopes.length > 0 ? "any member" : "nobody: public");

const intervalText = ({ routes: [first], minIntervalSeconds }: Entry) =>
  minIntervalSeconds ? `${first?.renewed}; every ${span(minIntervalSeconds)}` : (first?.renewed ?? "");

function asTable(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => [
    entry.name,
    entry.queue,
    entry.storage,
    intervalText(entry),
    rolesText(entry),
    entry.scopes.join(" "),
    entry.routes.map(({ method, path }) => `${method} ${path}`).join(", "),
  ]);
  return table(["dataset", "queue", "kept as", "renewed", "role", "scope", "routes"], rows);
}

const code = (text: string) => (text ? `\`${text}\`` : "");

function asMarkdown(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => {
    const made = entry.after.length > 0 ? ` (after ${entry.after.map(code).join(", ")})` : "";
    const paths = entry.routes.map(({ method, path }) => code(`${method} ${path}`)).join("<br>");
    const cells = [
      `${code(entry.name)}${made}`,
      paths,
      entry.scopes.map(code).join("<br>"),
      rolesText(entry),
      intervalText(entry),
      entry.routes[0]?.pagination ?? "",
      entry.rateGroup ?? "",
      entry.queue,
      entry.storage,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `# Datasets

Every corporation dataset, as it is declared in \`packages/core/src/owners/corporation/datasets/\`. This page is written by
\`pnpm tapi datasets --markdown > docs/datasets.md\`, and a test holds it to the declarations.

- **Role**: a director's token serves if its character holds one of these in-game roles; Director stands for all of them.
- **Renewed**: how long ESI's answer holds. Nothing is fetched again before.
- **Kept as**: a *snapshot* is what ESI hands over whole, with its history as deltas; a *ledger* only ever grows.
- Details (one call each) are fetched only for what is new or changed, with half of the budget that is left at most.

| dataset | routes | scope | role | renewed | pages | budget | queue | kept as |
|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

const read = (args: string[]) =>
  parse(
    {
      args,
      options: {
        json: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    },
    usage,
  ).values;

/** `pnpm tapi datasets`: lists the declarations; needs no host. */
export async function run(args: string[], { say }: Terminal): Promise<number> {
  const { json, markdown, help } = read(args);
  const entries = Datasets.datasets.map(describe);
  if (help) say(usage);
  else if (json) say(JSON.stringify(entries, undefined, 2));
  else if (markdown) say(asMarkdown(entries).trimEnd());
  else say(asTable(entries));
  return 0;
}
