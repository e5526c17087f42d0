import type { Random } from "../random.ts";
import { corporationAdjectives, corporationNouns, firstNames, lastNames } from "./pools.ts";

/** Draws names that nobody else in this world carries: names are looked up by text, as in the game. */
export class Names {
  readonly #taken = new Set<string>();

  character(random: Random): string {
    return this.#unique(() => {
      const first = random.pick(firstNames);
      const last = random.pick(lastNames);
      if (random.chance(0.08)) return `${first} ${random.pick(firstNames)} ${last}`;
      return random.chance(0.06) ? `${last} ${random.int(2, 99)}` : `${first} ${last}`;
    });
  }

  corporation(random: Random): { name: string; ticker: string } {
    const name = this.#unique(() => {
      const base = `${random.pick(corporationAdjectives)} ${random.pick(corporationNouns)}`;
      return random.chance(0.25) ? `${base} ${random.pick(["Inc.", "Corp", "Collective", "Holdings"])}` : base;
    });
    const letters = name.replace(/[^A-Za-z]/g, "").toUpperCase();
    const ticker = this.#unique(() => {
      const text = letters.slice(0, random.int(3, 5));
      return random.chance(0.2) ? `${text.slice(0, 3)}${random.int(0, 9)}` : text;
    });
    return { name, ticker };
  }

  #unique(draw: () => string): string {
    // Pools are finite: after some tries a number tells the namesakes apart, as players do.
    for (let attempt = 0; ; attempt += 1) {
      const name = attempt < 20 ? draw() : `${draw()} ${attempt}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
