import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { behindProxies } from "./client-address.ts";

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

test("without a named proxy the connection's other end is who asks, whatever a header says", () => {
  expect(behindProxies([])(request("::ffff:127.0.0.1", "203.0.113.7"))).toBe("127.0.0.1");
});

test("a named proxy is believed, another machine is not", () => {
  const clientAddress = behindProxies(["127.0.0.1", "10.0.0.0/8"]);

  expect(clientAddress(request("127.0.0.1", "203.0.113.7"))).toBe("203.0.113.7");
  expect(clientAddress(request("10.9.8.7", "2001:db8::1"))).toBe("2001:db8::1");
  expect(clientAddress(request("192.0.2.4", "203.0.113.7"))).toBe("192.0.2.4");
});

test("what a client wrote before the proxies' own entries is not believed", () => {
  const clientAddress = behindProxies(["127.0.0.1"]);

  expect(clientAddress(request("127.0.0.1", "198.51.100.1, 203.0.113.7"))).toBe("203.0.113.7");
});

test("a proxy that is no address is refused", () => {
  expect(() => behindProxies(["nginx"])).toThrow("invalid IP address: nginx");
});
