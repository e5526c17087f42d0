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

/** A certificate for this machine. Policies of buckets and queues refuse whoever comes without TLS, so the emulator speaks it. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const { certificate, key } = certificateIn(folder);
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
  await run("openssl", ["req", "-x509", ...made, ...subject], { log: join(folder, "tls.log"), timeoutSeconds: 60 });
  return { certificate, key };
}
