import { expect, test } from "vitest";
import { networkOf } from "./index.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["203.0.113.7:46532", "203.0.113.7"],
  [" 203.0.113.7 ", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["[::ffff:203.0.113.7]:443", "203.0.113.7"],
  ["::ffff:cb00:7107", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
  ["[2001:db8:1:2:ffff::1]:46532", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", undefined],
  ["localhost", undefined],
  ["1.2.3.4, 5.6.7.8", undefined],
  ["999.1.1.1", undefined],
  ["2001:db8::1::2", undefined],
])("the address %j is counted as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
