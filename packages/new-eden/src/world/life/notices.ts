import { dayMs, hourMs } from "../../clock.ts";
import { type Random, random } from "../../random.ts";
import { goods } from "../../static-data/goods.ts";
import type { Structure } from "../structure.ts";

/** What notifications tell of. */
export interface Subjects {
  characterId: number;
  corporationId: number;
  structures: readonly Structure[];
  customers: readonly number[];
}

export interface Notice {
  noticeId: number;
  atMs: number;
  kind: NoticeKind;
}

interface Telling extends Subjects {
  draw: Random;
  atMs: number;
  structure: Structure | undefined;
  customer: number;
}

interface NoticeKind {
  type: string;
  weight: number;
  sender: "character" | "corporation" | "other";
  /** Only who has structures is told. */
  ofStructure?: true;
  text: (telling: Telling) => string;
}

const concordId = 1_000_125;

/** Times within a text count tenths of microseconds since 1601, as Windows does. */
const fileTime = (ms: number): string => String((BigInt(Math.round(ms)) + 11_644_473_600_000n) * 10_000n);
const yaml = (...lines: string[]): string => lines.map((line) => `${line}\n`).join("");

/** How a structure stands in most texts: its id under an anchor, which its link data repeats. */
const structureLines = ({ structure }: Telling): string[] => [
  `solarsystemID: ${structure?.systemId}`,
  `structureID: &id001 ${structure?.structureId}`,
  "structureShowInfoData:",
  "- showinfo",
  `- ${structure?.typeId}`,
  "- *id001",
  `structureTypeID: ${structure?.typeId}`,
];

/** What players write: quotes, colons and letters of all languages, quoted as YAML wants it. */
const remarks = ["example", "'I''m not worthy: let me in'", '"Привет,\\nкапитан"', "''", "'- [x] #1 & *all*'"];

/** Types and texts as the game sends them. */
const kinds: readonly NoticeKind[] = [
  {
    type: "StructureUnderAttack",
    weight: 6,
    sender: "corporation",
    ofStructure: true,
    text: (telling) =>
      yaml(
        `armorPercentage: ${telling.draw.next() * 100}`,
        `charID: ${telling.customer}`,
        "corpLinkData:",
        "- showinfo",
        "- 2",
        `- ${concordId}`,
        "corpName: CONCORD",
        "hullPercentage: 100.0",
        `shieldPercentage: ${telling.draw.next() / 1e12}`,
        ...structureLines(telling),
      ),
  },
  {
    type: "StructureFuelAlert",
    weight: 8,
    sender: "corporation",
    ofStructure: true,
    text: (telling) =>
      yaml(
        "listOfTypesAndQty:",
        `- - ${telling.draw.int(1, 400)}`,
        `  - ${telling.draw.pick(goods().fuelBlocks).typeId}`,
        ...structureLines(telling),
      ),
  },
  {
    type: "StructureLostShields",
    weight: 3,
    sender: "corporation",
    ofStructure: true,
    text: (telling) =>
      yaml(
        ...structureLines(telling),
        "timeLeft: 1727805401093",
        `timestamp: ${fileTime(telling.atMs + dayMs)}`,
        "vulnerableTime: 9000000000",
      ),
  },
  {
    type: "MoonminingExtractionFinished",
    weight: 8,
    sender: "corporation",
    ofStructure: true,
    text: ({ draw, atMs, structure }) =>
      yaml(
        `autoTime: ${fileTime(atMs + 3 * hourMs)}`,
        "oreVolumeByType:",
        ...draw.sample(goods().moonOres, 3).map(({ typeId }) => `  ${typeId}: ${draw.next() * 5e6}`),
        `solarSystemID: ${structure?.systemId}`,
        `structureID: ${structure?.structureId}`,
        `structureLink: <a href="showinfo:${structure?.typeId}//${structure?.structureId}">${structure?.name}</a>`,
        `structureName: ${structure?.name}`,
        `structureTypeID: ${structure?.typeId}`,
      ),
  },
  {
    type: "CorpAppNewMsg",
    weight: 10,
    sender: "character",
    text: ({ draw, customer, corporationId }) =>
      yaml(`applicationText: ${draw.pick(remarks)}`, `charID: ${customer}`, `corpID: ${corporationId}`),
  },
  {
    type: "CharLeftCorpMsg",
    weight: 6,
    sender: "character",
    text: ({ customer, corporationId }) => yaml(`charID: ${customer}`, `corpID: ${corporationId}`),
  },
  {
    type: "CorpAllBillMsg",
    weight: 8,
    sender: "corporation",
    text: ({ draw, atMs, corporationId }) =>
      yaml(
        `amount: ${draw.int(1e5, 9e6)}`,
        "billTypeID: 2",
        `creditorID: ${concordId}`,
        `currentDate: ${fileTime(atMs)}`,
        `debtorID: ${corporationId}`,
        `dueDate: ${fileTime(atMs + 30 * dayMs)}`,
        "externalID: 27",
        "externalID2: 60003760",
      ),
  },
  {
    type: "InsurancePayoutMsg",
    weight: 6,
    sender: "corporation",
    text: ({ draw }) =>
      yaml(`amount: ${draw.int(1e5, 9e7)}.0`, `itemID: ${1_060_000_000_000 + draw.int(0, 1e9)}`, "payout: 1"),
  },
  {
    type: "KillReportVictim",
    weight: 6,
    sender: "other",
    text: ({ draw, characterId }) =>
      yaml(
        `killMailHash: ${draw.hex(40)}`,
        `killMailID: ${131_000_000 + draw.int(0, 900_000)}`,
        `victimID: ${characterId}`,
        `victimShipTypeID: ${draw.pick(goods().ships).typeId}`,
      ),
  },
  { type: "CorpBecameWarEligible", weight: 1, sender: "corporation", text: () => "{}\n" },
  { type: "CorpNoLongerWarEligible", weight: 1, sender: "corporation", text: () => "" },
];

/** ESI lists so many, the newest ones. */
const mostListed = 500;

/** What the game has told a pilot. Texts are made when they are read: always the same for the same notice. */
export class Notices {
  readonly #stream: number;
  readonly #subjects: Subjects;
  readonly #notices: Notice[] = [];
  #lastId: number;

  constructor(stream: number, firstId: number, subjects: Subjects) {
    this.#stream = stream;
    this.#lastId = firstId;
    this.#subjects = subjects;
  }

  /** The newest first. */
  list(): readonly Notice[] {
    return this.#notices.slice(-mostListed).reverse();
  }

  arrive(draw: Random, atMs: number): void {
    const hasStructures = this.#subjects.structures.length > 0;
    this.#lastId += draw.int(1, 5);
    const kind = draw.weighted(kinds.filter(({ ofStructure }) => !ofStructure || hasStructures));
    this.#notices.push({ noticeId: this.#lastId, atMs, kind });
    if (this.#notices.length > 2 * mostListed) this.#notices.splice(0, mostListed);
  }

  /** Who sent it, and what it says. */
  letter({ noticeId, atMs, kind }: Notice): { senderId: number; text: string } {
    const draw = random(this.#stream, "notice", noticeId);
    const { structures, customers, corporationId } = this.#subjects;
    const customer = draw.pick(customers);
    const structure = structures.length > 0 ? draw.pick(structures) : undefined;
    const senderIds = { character: customer, corporation: corporationId, other: concordId };
    return {
      senderId: senderIds[kind.sender],
      text: kind.text({ ...this.#subjects, draw, atMs, structure, customer }),
    };
  }
}
