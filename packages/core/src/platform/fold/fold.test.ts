import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "./index.ts";

test.each([
  ["İstanbul", "istanbul"],
  ["ISTANBUL", "istanbul"],
  ["ıstanbul", "istanbul"],
  ["straße", "STRASSE"],
  ["STRAẞE", "strasse"],
  ["Ünïcödé", "unicode"],
  ["U\u0308ni\u0308co\u0308de\u0301", "unicode"],
  ["ﬁre ﬂeet", "fire fleet"],
  ["Øresund", "oresund"],
  ["Łódź", "lodz"],
  ["Đorđe", "dorde"],
  ["Þór", "thor"],
  ["Ægir", "aegir"],
  ["ΟΔΥΣΣΕΥΣ", "Οδυσσευς"],
  ["Ὀδυσσεύς", "οδυσσευσ"],
  ["Ёлка", "елка"],
  ["ЙОД", "йод"],
  ["и\u0306од", "йод"],
  ["ＦＵＬＬ　ｗｉｄｔｈ", "full width"],
  ["soft\u00adhyphen\u200b", "softhyphen"],
  ["a\u00a0b", "a b"],
  ["Ishukone’s", "ishukone's"],
  ["Å", "a"],
])("%s is found by %s", (text, typed) => {
  expect(fold(text)).toBe(fold(typed));
});

test.each([
  ["мой", "мои"],
  ["が", "か"],
  ["กี", "กา"],
  ["한", "하"],
])("%s and %s stay two words", (one, other) => {
  expect(fold(one)).not.toBe(fold(other));
});

test("folding twice changes nothing, in whatever normal form a text comes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
      expect(fold(text.normalize("NFD"))).toBe(fold(text.normalize("NFC")));
    }),
    { numRuns: 300 },
  );
});
