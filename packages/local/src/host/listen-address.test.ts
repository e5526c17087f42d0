import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readListenAddress, webUrl } from "./listen-address.mjs";

const read = (listen: string | undefined, environment: Record<string, string> = {}, { eve = true, root = "/" } = {}) =>
  readListenAddress({ listen, eve }, root, environment);

test.each([
  ["", 'takes an address of this machine, such as 0.0.0.0 or ::, not "".'],
  ["home.example.org", 'not "home.example.org". A name may mean several addresses: write the one.'],
  ["0.0.0.0:3000", "The port has its own option: --port."],
  ["[::]:3000", "The port has its own option: --port."],
  ["*", "All addresses are 0.0.0.0."],
  ["256.0.0.1", 'not "256.0.0.1".'],
  ["127.1", 'not "127.1".'],
  ["::g", 'not "::g".'],
  ["fe80::1%eth0", "Browsers open no address with a zone."],
  ["https://tapi.example.org", "What browsers open is PUBLIC_URL."],
])("--listen %j is refused in a sentence, and so is LISTEN", (text, sentence) => {
  expect(() => read(text)).toThrow(`--listen takes`);
  expect(() => read(text)).toThrow(sentence);
  if (text) expect(() => read(undefined, { LISTEN: text })).toThrow(`LISTEN takes`);
});

test("the command line's address wins over the environment's, and that over .env's, which --eve alone reads", () => {
  const root = mkdtempSync(join(tmpdir(), "tapi-listen-"));
  writeFileSync(join(root, ".env"), "LISTEN=0.0.0.0\n");

  const found = [
    read("::", { LISTEN: "192.0.2.2" }, { root }),
    read(undefined, { LISTEN: "192.0.2.2" }, { root }),
    read(undefined, { LISTEN: "" }, { root }),
    read(undefined, {}, { root, eve: false }),
  ];

  rmSync(root, { recursive: true });
  expect(found).toEqual(["::", "192.0.2.2", "0.0.0.0", "127.0.0.1"]);
});

test.each(["0.0.0.0", "::", "192.0.2.2", "::ffff:192.0.2.2"])(
  "the simulated EVE is shown to nobody at %s",
  (address) => {
    expect(() => read(address, {}, { eve: false })).toThrow(`--listen ${address} would show the simulated EVE`);
  },
);

test.each([
  ["localhost", "http://localhost:3000"],
  ["127.0.0.1", "http://localhost:3000"],
  ["127.0.0.2", "http://127.0.0.2:3000"],
  ["::1", "http://[::1]:3000"],
  ["[::1]", "http://[::1]:3000"],
])("%s stays on this machine, which any run may, and answers at %s", (written, url) => {
  expect(webUrl(read(written, {}, { eve: false }), 3000)).toBe(url);
});

test.each([
  ["0.0.0.0", "http://127.0.0.1:3000"],
  ["::", "http://localhost:3000"],
  ["192.0.2.2", "http://192.0.2.2:3000"],
  ["2001:db8:0::2", "http://[2001:db8::2]:3000"],
])("what listens at %s is reached from this machine at %s", (written, url) => {
  expect(webUrl(read(written), 3000)).toBe(url);
});
