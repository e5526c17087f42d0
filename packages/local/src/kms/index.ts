import { serveJson } from "../wire/json-service.ts";
import { cryptoOperations } from "./crypto-operations.ts";
import { keyOperations } from "./key-operations.ts";
import { KeyStore } from "./key-store.ts";

export { KeyFileError } from "./key-store.ts";
export { WrongPassphraseError } from "./seal.ts";

interface KmsOptions {
  /** Where keys are kept; absent, in memory only. */
  dir?: string;
  /** Seals the keys on the disk. */
  passphrase?: string | undefined;
  /** There is something encrypted: that no key is there any more is an error. */
  mustExist?: boolean;
  /** Absent, a free one. */
  port?: number;
}

export interface Kms {
  url: string;
  /** A key that is there from the first start on. */
  keyArn: string;
  /** Calls since the start, by operation: each one costs money in the cloud. */
  counts: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const defaultAlias = "alias/tapi";

/** A KMS of this machine's own, for `@aws-sdk/client-kms` and the Encryption SDK: symmetric keys only. */
export async function startKms(options: KmsOptions = {}): Promise<Kms> {
  const store = KeyStore.open(options.dir, options.passphrase, options.mustExist);
  const defaultKey =
    store.findAlias(defaultAlias) ?? store.create({ description: "TAPI's tokens", alias: defaultAlias });

  const counts: Record<string, number> = {};
  const operations = Object.fromEntries(
    Object.entries({ ...keyOperations(store), ...cryptoOperations(store) }).map(([name, operation]) => [
      name,
      (input: unknown) => {
        counts[name] = (counts[name] ?? 0) + 1;
        return operation(input);
      },
    ]),
  );
  const server = await serveJson({
    port: options.port ?? 0,
    target: "TrentService",
    errorNamespace: "com.amazonaws.kms",
    contentType: "application/x-amz-json-1.1",
    operations,
  });
  return { url: server.url, keyArn: store.arn(defaultKey.id), counts, close: server.close };
}
