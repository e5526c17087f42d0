import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import type { Report } from "./report.ts";

/** AWS's own implementation of DynamoDB for one machine. */
const version = "2.6.1";

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tapi</groupId>
  <artifactId>verify</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Stands in for the embedded database: takes its arguments, and says that it listens in its words. */
const program = (node: string, library: string) => `#!${node}
const { spawn } = require("node:child_process");
const { connect } = require("node:net");
const port = process.argv[process.argv.indexOf("--port") + 1];
const server = ["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-inMemory", "-disableTelemetry"];
const memory = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
const library = ["-Djava.library.path=${library}", "-cp", "${join(library, "*")}"];
const java = spawn("java", [...memory, ...library, ...server, "-port", port], { stdio: "ignore" });
java.once("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => java.kill("SIGKILL"));
const look = () => {
  const socket = connect(Number(port), "127.0.0.1");
  socket.once("connect", () => {
    socket.destroy();
    console.error("listening on " + port);
  });
  socket.once("error", () => setTimeout(look, 100));
};
look();
`;

async function install(folder: string): Promise<string> {
  const library = join(folder, "lib");
  mkdirSync(library);
  writeFileSync(join(folder, "pom.xml"), project);
  const copy = ["dependency:copy-dependencies", `-DoutputDirectory=${library}`, "-DincludeScope=runtime"];
  await run("mvn", ["-q", "-B", ...copy], { cwd: folder, log: join(folder, "maven.log"), timeoutSeconds: 600 });
  const path = join(folder, "dynamodb-local");
  // A name that ends in nothing: Node then takes it for CommonJS.
  writeFileSync(path, program(process.execPath, library));
  chmodSync(path, 0o755);
  return path;
}

/** The suites of core and functions, or of the folders asked for, with AWS's own database in the place of the embedded one. */
export async function verifyDynamoDbLocal(report: Report, folder: string, asked: readonly string[]): Promise<void> {
  const suites = asked.length > 0 ? asked : ["packages/core", "packages/functions"];
  const step = report.part("DynamoDB Local");
  let path = "";
  await step(`install DynamoDB Local ${version}`, async () => {
    path = await install(folder);
    return "";
  });
  await step(`the tests of ${suites.join(" and ")}`, async () => {
    const output = await run("npx", ["vitest", "run", ...suites, "--maxWorkers=2"], {
      log: join(folder, "suites.log"),
      timeoutSeconds: 3600,
      env: { ...process.env, DYNOXIDE_PATH: path, NO_COLOR: "1" },
    });
    return output.match(/Tests\s+(.*)/)?.[1] ?? "";
  });
}
