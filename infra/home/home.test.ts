import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readArguments } from "../../packages/local/src/host/arguments.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

/** A container file's instructions, in order. */
const instructions = read("infra/home/Containerfile")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => ({ name: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1) }));
const all = (name: string) => instructions.filter((each) => each.name === name).map(({ rest }) => rest);

const unit = new Map(
  read("infra/home/tapi.service")
    .split("\n")
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const),
);

/** How the host is started: by Node, in its folder, with arguments that it takes. */
function startOf(command: string[]) {
  const [node, script, ...args] = command;
  expect([node?.split("/").at(-1), script]).toEqual(["node", "scripts/start.mjs"]);
  return readArguments(args, root);
}

test("everything that the container file copies is there, and what it runs is documented", () => {
  const copied = all("COPY")
    .filter((rest) => !rest.startsWith("--from"))
    .flatMap((rest) => rest.split(" ").slice(0, -1));
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(all("RUN")).toEqual(["npm run build", "install -d -o node -g node -m 0700 /data"]);
  expect(scripts.build).toBe("node scripts/build.mjs");
  expect(read("docs/home.md")).toContain("npm run build");
});

test("no secret and nothing that was built for another machine gets into the image", () => {
  const ignored = read(".dockerignore").split("\n");

  expect(ignored).toEqual(
    expect.arrayContaining([".env", ".env.*", ".tapi", ".tapi-eve", "**/node_modules", "**/dist"]),
  );
});

test("the container runs as an ordinary user, keeps its data in a volume and is asked how it is", () => {
  expect(all("FROM")).toHaveLength(2);
  expect(all("USER")).toEqual(["node"]);
  expect(all("VOLUME")).toEqual(["/data"]);
  expect(all("HEALTHCHECK")[0]).toContain("http://127.0.0.1:3000/livez");
  expect(startOf(JSON.parse(all("CMD")[0] ?? "[]"))).toMatchObject({ eve: true, dataDir: "/data", port: 3000 });
});

test("the service runs as an ordinary user, writes in its data folder alone and may take a gigabyte", () => {
  expect(startOf((unit.get("ExecStart") ?? "").split(" "))).toMatchObject({ eve: true, dataDir: "/var/lib/tapi" });
  expect(Object.fromEntries(unit)).toMatchObject({
    User: "tapi",
    StateDirectory: "tapi",
    StateDirectoryMode: "0700",
    ProtectSystem: "strict",
    MemoryMax: "1G",
    UMask: "0077",
  });
  expect(unit.has("ReadWritePaths")).toBe(false);
});

test("every setting that container and service make is one of the documented", () => {
  const made = [...(all("ENV")[0] ?? "").split(" "), unit.get("Environment") ?? ""].map((pair) => pair.split("=")[0]);

  for (const name of made) expect(read("README.md")).toContain(`\`${name}\``);
});
