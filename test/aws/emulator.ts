import { copyFileSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { certificateIn } from "./certificate.ts";
import { endGroup, run, start } from "./command.ts";

/** An emulator of AWS from PyPI; it runs functions as Node processes. */
const emulatorVersion = "1.5.33";

const fromSst = createRequire(createRequire(import.meta.url).resolve("sst"));

/** What Lambda's own runtimes bring along and the handlers of SST's and CDK's custom resources rely on. */
const clientsOfLambda = ["client-s3", "client-iam", "client-lambda", "client-ssm", "client-cloudformation"];

export interface Emulator {
  url: string;
  /** For whatever is to speak to the emulator, and to nothing else. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

/** Installs the emulator into a virtual environment of its own; where its programs lie. */
export async function installEmulator(folder: string): Promise<string> {
  const programs = join(folder, "venv", "bin");
  if (existsSync(join(programs, "ministack"))) return programs;
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "install.log");
  await run("python3", ["-m", "venv", join(folder, "venv")], { log, timeoutSeconds: 120 });
  const install = ["install", "--quiet", "--disable-pip-version-check", `ministack==${emulatorVersion}`];
  await run(join(programs, "pip"), install, { log, timeoutSeconds: 600 });
  return programs;
}

/** Functions are unpacked below the temporary folder; Node looks for packages in every folder above. */
function offerClients(folder: string): void {
  const packages = join(folder, "node_modules", "@aws-sdk");
  mkdirSync(packages, { recursive: true });
  for (const name of clientsOfLambda) {
    symlinkSync(dirname(fromSst.resolve(`@aws-sdk/${name}/package.json`)), join(packages, name));
  }
}

async function untilHealthy(url: string, hasEnded: () => boolean, log: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && !hasEnded()) {
    const response = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the emulator did not start; see ${log}`);
}

export interface EmulatorOptions {
  /** Where its programs lie. */
  programs: string;
  /** Where it keeps all that it has. */
  folder: string;
  /** Where the certificate lies that it shows. */
  certificates: string;
  enforceIam: boolean;
}

/** Python loads a module of this name at its start from where PYTHONPATH says; what it compiles stays out of the checkout. */
function fillGaps(folder: string): string {
  const modules = join(folder, "python");
  mkdirSync(modules);
  copyFileSync(new URL("emulator-gaps.py", import.meta.url), join(modules, "sitecustomize.py"));
  return modules;
}

/** Node's options by which a process finds AWS's names in the emulator. */
export const addressesOption = `--require=${fileURLToPath(new URL("addresses.cjs", import.meta.url))}`;

/** Starts the emulator on a free port of this machine alone. */
export async function startEmulator({
  programs,
  folder,
  certificates,
  enforceIam,
}: EmulatorOptions): Promise<Emulator> {
  const temporary = join(folder, "tmp");
  const home = join(folder, "home");
  for (const each of [temporary, home, join(folder, "state", "s3")]) mkdirSync(each, { recursive: true });
  offerClients(folder);
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const { certificate, key } = certificateIn(certificates);
  const log = join(folder, "emulator.log");
  const child = start(join(programs, "ministack"), [], {
    log,
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: temporary,
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      STATE_DIR: join(folder, "state"),
      S3_DATA_DIR: join(folder, "state", "s3"),
      LAMBDA_EXECUTOR: "local",
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      USE_SSL: "1",
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
      PYTHONPATH: fillGaps(folder),
      NODE_OPTIONS: addressesOption,
      AUTH: String(enforceIam),
    },
  });
  let ended = false;
  const end = new Promise<void>((resolve) =>
    child.once("close", () => {
      ended = true;
      resolve();
    }),
  );
  const stop = async () => {
    endGroup(child);
    await end;
  };
  process.once("exit", () => endGroup(child));
  await untilHealthy(url, () => ended, log);
  return { url, environment: guarded(url, home, certificate), stop };
}

const guarded = (url: string, home: string, certificate: string): Record<string, string> => ({
  NODE_EXTRA_CA_CERTS: certificate,
  NODE_OPTIONS: addressesOption,
  HOME: home,
  AWS_ENDPOINT_URL: url,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});
