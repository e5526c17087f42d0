import { join } from "node:path";
import { run } from "./command.ts";

export interface Certificate {
  certificate: string;
  key: string;
}

export const certificateIn = (folder: string): Certificate => ({
  certificate: join(folder, "tls.crt"),
  key: join(folder, "tls.key"),
});

/** Names of AWS that are asked for as such, beside the emulator's own address. */
const names = [
  "DNS:localhost",
  "IP:127.0.0.1",
  "DNS:*.cloudfront.net",
  "DNS:*.us-east-1.amazonaws.com",
  "DNS:*.execute-api.us-east-1.amazonaws.com",
];

/** A certificate for this machine and the names that lead to it. Policies of buckets and queues refuse whoever comes without TLS, so the emulator speaks it. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const { certificate, key } = certificateIn(folder);
  const subject = ["-subj", "/CN=localhost", "-addext", `subjectAltName=${names.join(",")}`];
  const made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
  await run("openssl", ["req", "-x509", ...made, ...subject], { log: join(folder, "tls.log"), timeoutSeconds: 60 });
  return { certificate, key };
}
