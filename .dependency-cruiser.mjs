// What may import what: `pnpm lint:imports`, part of `pnpm check`. Imports of types count.

const core = "packages/core/src";

/** The wings of core. A wing imports itself and those before it. */
const wings = [
  "platform",
  "eve",
  "owner",
  "snapshot",
  "push",
  "engine",
  "identity",
  "director",
  "access",
  "audit",
  "owners",
  "product",
];

/** The folders of the web. A folder imports itself and those before it; the files beside them are the app's start. */
const web = "packages/web/src";
const webFolders = [
  ...["api", "ui", "session", "catalogue", "character", "corporation", "director", "freshness", "dataset", "history"],
  ...["assets", "combat", "contract", "industry", "market", "members", "mining", "project", "structure", "wallet"],
  ...["overview", "dashboard", "pages", "admin", "app"],
];

/** Wings that are one module; in the others each folder is one. */
const single = ["owner", "snapshot", "push", "director", "access", "audit"].join("|");
const moduleOf = `${core}/(?:(?:${single})|[^/]+/[^/]+)`;

/** Tests look inside on purpose: they read rows, break single parts, and list functions of all wings. */
const tests = ["\\.test\\.tsx?$", "\\.fixture\\.ts$", "^packages/[^/]+/test/", "^test/"];

const exactly = (files) => files.map((file) => `^${file.replaceAll(".", "\\.")}$`);

// What is still to be mended. Take a file out once it is.
const stillUsedPastTheIndex = exactly(
  [
    "engine/agenda/cadence.ts",
    "engine/agenda/agenda.entity.ts",
    "engine/dataset/ask.ts",
    "engine/dataset/detail.ts",
    "engine/dataset/each-row.ts",
    "engine/dataset/fetch.ts",
    "engine/dataset/format.ts",
    "engine/dataset/name-columns.ts",
    "engine/dataset/shared.ts",
    "engine/state/validators.ts",
    "eve/esi/downtime.ts",
  ].map((file) => `${core}/${file}`),
);

const onlyDownwards = wings.slice(0, -1).map((wing, index) => ({
  name: `${wing}-only-downwards`,
  comment: `A wing of core imports no wing above it: ${wings.join(" < ")}.`,
  severity: "error",
  from: { path: `^${core}/${wing}/`, pathNot: tests },
  to: { path: `^${core}/(?:${wings.slice(index + 1).join("|")})/` },
}));

const webOnlyDownwards = webFolders.map((folder, index) => ({
  name: `web-${folder}-only-downwards`,
  comment: `A folder of the web imports no folder after it: ${webFolders.join(" < ")}.`,
  severity: "error",
  from: { path: `^${web}/${folder}/` },
  to: { path: `^${web}/(?:(?:${webFolders.slice(index + 1).join("|") || "$"})/|[^/]+$)` },
}));

/** A folder without a place in the order would escape it. */
const webFolderIsPlaced = {
  name: "web-folder-is-placed",
  comment: "A new folder of the web takes its place in webFolders.",
  severity: "error",
  from: { path: `^${web}/[^/]+/`, pathNot: `^${web}/(?:${webFolders.join("|")})/` },
  to: {},
};

const throughTheIndex = {
  path: `^${core}/`,
  pathNot: [`^${moduleOf}/index\\.ts$`, `^${core}/owners/index\\.ts$`, "\\.fixture\\.ts$", ...stillUsedPastTheIndex],
};

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files that import each other cannot be read one after the other. Move what both need below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...onlyDownwards,
    ...webOnlyDownwards,
    webFolderIsPlaced,
    {
      name: "through-the-index",
      comment: "A module of core is used through its index.ts.",
      severity: "error",
      from: { path: `^(${moduleOf})/`, pathNot: tests },
      to: { ...throughTheIndex, pathNot: [...throughTheIndex.pathNot, "^$1/"] },
    },
    {
      name: "core-through-the-index",
      comment:
        "Other packages use a module of core through its index.ts. Benchmarks and generators look inside, as tests do.",
      severity: "error",
      from: {
        path: "^(?:packages|scripts|infra)/",
        pathNot: [`^${core}/`, "^packages/core/scripts/", ...tests],
      },
      to: throughTheIndex,
    },
    {
      name: "core-is-the-domain",
      comment: "core knows no entry point, no host and no page.",
      severity: "error",
      from: { path: `^${core}/`, pathNot: tests },
      to: { path: "^packages/(?:functions|local|new-eden|web)/" },
    },
    {
      name: "new-eden-is-outside",
      comment: "New Eden is the outside world: it imports nothing of the product.",
      severity: "error",
      from: { path: "^packages/new-eden/" },
      to: { path: ["^packages/(?:core|functions|local|web)/", "^@tapi/"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(?:^|/)dist/|\\.sst/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
