import { expect, test } from "vitest";
import { codingFor, wantsProfile } from "./negotiate.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["br", undefined],
  ["identity", undefined],
  ["identity;q=1, gzip;q=0.5", undefined],
  ["identity;q=0.5, gzip;q=1.0", "gzip"],
  ["gzip;q=0", undefined],
  ["gzip; q=0.000", undefined],
  ["gzip;Q=0", undefined],
  ["gzip;q=0, *", undefined],
  ["*", "gzip"],
  ["*;q=0", undefined],
  ["*;q=0, gzip", "gzip"],
  ["identity;q=0", undefined],
  ["identity;q=0, *", "gzip"],
  ["deflate, gzip;q=0.1", "gzip"],
  ["gzip;q=2", undefined],
  ["gzip;q=x", undefined],
  ["notgzip, gzipped", undefined],
])("Accept-Encoding %o is answered with %s", (accepted, coding) => {
  expect(codingFor(accepted, ["gzip"])).toBe(coding);
});

test.each([
  [undefined, false],
  ["text/csv", false],
  ["*/*", false],
  ["text/csv; profile=raw", true],
  ["text/csv;profile=raw", true],
  ['TEXT/CSV; Profile="raw"', true],
  ["text/html, text/csv;profile=raw;q=0.5", true],
  ["text/csv;profile=raw;q=0", false],
  ["text/csv, text/csv;profile=raw;q=0.5", false],
  ["text/csv;q=0.5, text/csv;profile=raw", true],
  ["text/csv; profile=rawer", false],
  ["application/json; profile=raw", false],
])("Accept %o asks for the raw profile: %s", (accept, wanted) => {
  expect(wantsProfile(accept, "text/csv", "raw")).toBe(wanted);
});
