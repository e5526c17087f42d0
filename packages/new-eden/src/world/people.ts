import { dayMs } from "../clock.ts";
import type { Names } from "../names/index.ts";
import type { Random } from "../random.ts";

export interface Character {
  characterId: number;
  name: string;
  corporationId: number;
  /** Where they began; stays the same wherever they go. */
  firstCorporationId: number;
  /** Raised when the character is sold: the owner hash is made from it. */
  ownerSerial: number;
  birthdayMs: number;
  bloodlineId: number;
  raceId: number;
  gender: "male" | "female";
  securityStatus: number;
}

/** Playable bloodlines by race, as the game numbers them. */
const bloodlines = [
  { raceId: 1, bloodlineIds: [1, 2, 11] },
  { raceId: 2, bloodlineIds: [3, 4, 14] },
  { raceId: 4, bloodlineIds: [5, 6, 13] },
  { raceId: 8, bloodlineIds: [7, 8, 12] },
];

const newestCharacterId = 2_112_000_000;

/** Everyone who exists, in whatever corporation. */
export class People {
  readonly #byId = new Map<number, Character>();
  readonly #names: Names;
  #lastId = newestCharacterId;

  constructor(names: Names) {
    this.#names = names;
  }

  get(characterId: number): Character | undefined {
    return this.#byId.get(characterId);
  }

  all(): IterableIterator<Character> {
    return this.#byId.values();
  }

  nameOf(id: number): string {
    return this.#byId.get(id)?.name ?? `#${id}`;
  }

  create(random: Random, corporationId: number, nowMs: number): Character {
    this.#lastId += random.int(1, 9);
    const { raceId, bloodlineIds } = random.pick(bloodlines);
    const character: Character = {
      characterId: this.#lastId,
      name: this.#names.character(random),
      corporationId,
      firstCorporationId: corporationId,
      ownerSerial: 0,
      birthdayMs: nowMs - Math.round(random.skewed(2, 7000) * dayMs * (0.5 + random.next() / 2)),
      bloodlineId: random.pick(bloodlineIds),
      raceId,
      gender: random.chance(0.5) ? "male" : "female",
      securityStatus: Math.round((random.next() * 14 - 9) * 1e6) / 1e6,
    };
    character.securityStatus = Math.min(5, character.securityStatus);
    this.#byId.set(character.characterId, character);
    return character;
  }
}
