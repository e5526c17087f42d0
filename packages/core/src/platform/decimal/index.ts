/** Units of ten thousandths: ISK has two decimals, CCP's own example of a balance four. */
const quickScale = 4;
const quickFactor = 10 ** quickScale;
/** Decimals of up to 15 digits and doubles are one to one. */
const quickLimit = 1e15;
/** The running sum is moved to exact integers before it leaves what doubles add up exactly. */
const carryLimit = 2 ** 52;

/** units / 10 ** scale */
export interface Decimal {
  units: bigint;
  scale: number;
}

const shift = ({ units, scale }: Decimal, wanted: number): bigint => units * 10n ** BigInt(wanted - scale);

/** A number as JSON writes it: the shortest decimal that stands for the double; or a text of plain digits. */
export function decimalOf(value: number | string): Decimal {
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${sign}${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: shift(a, scale) + shift(b, scale), scale };
}

export const multiply = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale });

/** Plain digits without an exponent or needless zeros. */
export function textOf({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const fraction = digits.slice(digits.length - scale, digits.length).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? "-" : ""}${whole}${scale > 0 && fraction ? `.${fraction}` : ""}`;
}

/** As an answer carries it: a number where a double says exactly that, else a text. */
export function travelling(decimal: Decimal): number | string {
  const number = Number(textOf(decimal));
  const same = decimalOf(number);
  const scale = Math.max(same.scale, decimal.scale);
  const isSame = Math.abs(number) <= Number.MAX_SAFE_INTEGER && shift(same, scale) === shift(decimal, scale);
  return isSame ? number : textOf(decimal);
}

/** Exact sums of several groups: of the numbers as they were written, without the rounding of doubles. */
export class Sums {
  /** What has not been carried over yet, in ten thousandths. */
  readonly #quick: Float64Array;
  readonly #exact = new Map<number, Decimal>();

  constructor(groups: number) {
    this.#quick = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    const units = Math.round(value * quickFactor);
    if (Math.abs(units) >= quickLimit || units / quickFactor !== value) {
      this.addExactly(group, decimalOf(value));
      return;
    }
    const sum = (this.#quick[group] as number) + units;
    this.#quick[group] = sum;
    if (Math.abs(sum) > carryLimit) this.#carry(group);
  }

  addExactly(group: number, value: Decimal): void {
    this.#exact.set(group, add(this.#exact.get(group) ?? { units: 0n, scale: 0 }, value));
  }

  #carry(group: number): void {
    this.addExactly(group, { units: BigInt(this.#quick[group] as number), scale: quickScale });
    this.#quick[group] = 0;
  }

  of(group: number): Decimal {
    if (this.#quick[group] !== 0) this.#carry(group);
    return this.#exact.get(group) ?? { units: 0n, scale: 0 };
  }
}

/** The exact sum of a few amounts, as an answer carries them. */
export function sumOf(values: Iterable<number | string>): number | string {
  let sum: Decimal = { units: 0n, scale: 0 };
  for (const value of values) sum = add(sum, decimalOf(value));
  return travelling(sum);
}
