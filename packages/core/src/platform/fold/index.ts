/** Letters that Unicode does not take apart, as people without them on their keyboard type them. */
const plain: Readonly<Record<string, string>> = {
  ı: "i",
  ȷ: "j",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ĸ: "k",
  ɓ: "b",
  ƈ: "c",
  ɗ: "d",
  ɖ: "d",
  ǝ: "e",
  ə: "e",
  ƒ: "f",
  ɠ: "g",
  ɨ: "i",
  ƙ: "k",
  ɲ: "n",
  ƥ: "p",
  ʈ: "t",
  ƭ: "t",
  ʋ: "v",
  ƴ: "y",
  ƶ: "z",
  ß: "ss",
  ς: "σ",
  "’": "'",
  "‘": "'",
  ʼ: "'",
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "−": "-",
};
const letters = new RegExp(`[${Object.keys(plain).join("")}]`, "g");

/** Marks of Latin, Greek and Cyrillic letters. Those of other scripts (vowels of Thai and Hindi, kana) make other words. */
const marks = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
/** Soft hyphens, joiners, direction marks and the like: nobody sees or types them. */
const invisible = /\p{Cf}|\p{Variation_Selector}/gu;
const onlyAscii = /^[\x20-\x7e]*$/;
/** й is a letter of its own and no и with a mark, which ё is to most who type. */
const shortI = /\u0438\u0306/g;

/**
 * A text as searches compare it: without regard to case, accents, ligatures and width. `İstanbul` and `ISTANBUL`, `straße`
 * and `STRASSE`, `Ünïcödé` and `unicode` become the same. Folding twice changes nothing.
 */
export function fold(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  return (
    text
      .normalize("NFKD")
      // Upper case first: it alone takes ß, ŉ and the like apart.
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKD")
      .replace(shortI, "й")
      .replace(marks, "")
      .replace(invisible, "")
      .replace(letters, (letter) => plain[letter] as string)
      .replace(/\s/g, " ")
      .normalize("NFC")
  );
}
