import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** A clone in which nothing is installed: a start that gets as far as that fails, and says "Installing". */
let clone: string;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapi-start-"));
  chmodSync(folder, 0o755);
  clone = join(folder, "clone");
  const host = join("packages", "local", "src", "host");
  for (const name of readdirSync(join(repository, host)).filter((each) => each.endsWith(".mjs"))) {
    cpSync(join(repository, host, name), join(clone, host, name));
  }
  for (const name of ["package.json", "scripts/start.mjs", "scripts/install.mjs"]) {
    cpSync(join(repository, name), join(clone, name));
  }
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));
  symlinkSync(join(folder, "circle"), join(folder, "circle"));
  mkdirSync(join(folder, "documents"));
  writeFileSync(join(folder, "documents", "thesis.txt"), "years of work");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Who may do everything cannot be refused; root becomes `nobody`. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

const start = (args: string[], env: Record<string, string> = {}, { asNobody = false } = {}) => {
  const options = {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
    ...(asNobody ? nobody : {}),
  } as const;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(clone, "scripts", "start.mjs"), ...args],
    options,
  );
  return { status, said: stderr.trim(), stdout };
};

const refused: [string[], string, Record<string, string>?][] = [
  [["--port", ""], '--port takes a number from 1 to 65534 (or 0 for any that is free), not "".'],
  [["--port="], '--port takes a number from 1 to 65534 (or 0 for any that is free), not "".'],
  [["--port", "abc"], 'not "abc".'],
  [["--port", "3e3"], 'not "3e3".'],
  [["--port", "65535"], 'not "65535".'],
  [["--port", "-1"], 'not "-1".'],
  [["--port"], "--port takes a number: none follows."],
  [["--port", "1", "--port", "2"], "--port stands there twice."],
  [["--prot", "4000"], "There is no option --prot. Did you mean --port?"],
  [["--FRESH"], "There is no option --FRESH. Did you mean --fresh?"],
  [["--constructor"], "There is no option --constructor."],
  [["--fresh=yes"], "--fresh takes no value."],
  [["4000"], '"4000" belongs to no option. Did you mean --port 4000?'],
  [[], "npm took --fresh for itself", { npm_config_fresh: "true" }],
  [["--listen"], "--listen takes an address: none follows."],
  [["--listen", "0.0.0.0:3000", "--eve"], "The port has its own option: --port."],
  [
    ["--listen", "203.0.113.77", "--eve"],
    "203.0.113.77 is no address of this machine. All of its addresses are 0.0.0.0",
  ],
  [["--listen", "0.0.0.0"], "--listen 0.0.0.0 would show the simulated EVE to other machines"],
  [["--data", ""], '--data takes a folder, not "".'],
  [["--data", "--fresh"], '--data takes a folder, not "--fresh".'],
  [["--data", "file"], "file is a file, not a folder."],
  [["--data", join("file", "data")], "part of it is a file."],
  [["--data", "dangling"], "a link that leads nowhere."],
  [["--data", "circle"], "choose another folder"],
  [["--data", "documents", "--fresh"], "documents holds other files than TAPI's."],
  [["--data", "x".repeat(300)], "is too long."],
  [["--data", "data"], "does not exist. Name another: TMPDIR=/tmp npm start", { TMPDIR: "/no/such/folder" }],
];

test.each(refused)("a start with %j is refused in a sentence, before anything is installed", (args, sentence, env) => {
  const { status, said, stdout } = start(args, env);

  expect(said).toContain(`✗ `);
  expect(said).toContain(sentence);
  expect(said).not.toMatch(/^\s+at /m);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(existsSync(join(folder, "documents", "thesis.txt"))).toBe(true);
});

test("a port that others hold is told before anything is installed", async () => {
  const other = createServer();
  const port = await new Promise<number>((done) => {
    other.listen(0, "127.0.0.1", () => done((other.address() as { port: number }).port));
  });

  const { said, stdout } = start(["--port", String(port), "--data", "with a space/ünïcödé"]);

  other.close();
  expect(said).toContain(`Port ${port} is in use. Choose another: npm start -- --port`);
  expect(stdout).toBe("");
});

test("a port that others hold at the address to listen at is told too, and loopback's alone does not matter", async () => {
  const other = createServer();
  const port = await new Promise<number>((done) => {
    other.listen(0, "127.0.0.2", () => done((other.address() as { port: number }).port));
  });

  const { said } = start(["--port", String(port), "--listen", "127.0.0.2", "--data", "listening"]);
  const elsewhere = start(["--port", String(port), "--listen", "127.0.0.3", "--data", "listening"]);

  other.close();
  expect(said).toContain(`Port ${port} is in use. Choose another: npm start -- --port`);
  expect(elsewhere.said).not.toContain("is in use");
});

test("a folder of somebody else is told", () => {
  const { said } = start(["--data", "/usr/share/tapi"], {}, { asNobody: true });

  expect(said).toContain("You may not write to /usr/share/tapi. Change who owns it, or choose another folder");
});

test("help needs nothing installed", () => {
  const { status, stdout } = start(["--help"]);

  expect(status).toBe(0);
  expect(stdout).toContain("npm start -- [options]");
});
