import { expect, test } from "vitest";
import { plainText } from "./index.ts";

test.each([
  ["<color=0xffff0000>Red <b>Chief</b></color>", "Red Chief"],
  ["<COLOR='#ff00ff00'>Green</COLOR>", "Green"],
  ["one<br>two<br/>three<BR />four", "one two three four"],
  ['<a href="showinfo:1373//93000001">Aria</a> and <url=showinfo:5//30000142>Jita</url>', "Aria and Jita"],
  ['<font size="14" color="#bfffffff">Big</font>', "Big"],
  ["<loc>Home</loc>", "Home"],
  ["u'Caf\\xe9 \\u2605 it\\'s\\nhere'", "Café ★ it's\nhere"],
  ["Tom &amp; Jerry &lt;b&gt; &#39;x&#x27; &quot;", "Tom & Jerry <b> 'x' \""],
  ["\u00a0 \u200b Perimeter \u3000\ufeff", "Perimeter"],
  ["\u3164Hidden\u2800", "Hidden"],
  ["abc\u202ecba", "abccba"],
  ["I <3 you, a < b, c > d, <bob>, <b and c>, 5<color", "I <3 you, a < b, c > d, <bob>, <b and c>, 5<color"],
  ["AT&T &bogus; &#99999999;", "AT&T &bogus; &#99999999;"],
  ["u'unfinished", "u'unfinished"],
  ["👩‍🚀 plain", "👩‍🚀 plain"],
  ["", ""],
])("%j reads as %j", (marked, plain) => {
  expect(plainText(marked)).toBe(plain);
});

test("a long text of opened brackets is read in no time", () => {
  const text = `${"<a href=".repeat(20_000)}${"&#".repeat(20_000)}${" ".repeat(50_000)}x`;
  const before = performance.now();

  plainText(text);

  expect(performance.now() - before).toBeLessThan(2_000);
});
