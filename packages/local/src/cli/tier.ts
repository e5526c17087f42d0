import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Tier from "@tapi/core/product/tier";
import { connect } from "./connect.ts";
import { commonOptions, parse } from "./parse.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi tier [<owner> <tier>] [options]

How soon an owner's datasets are refreshed after they expire: P0 within a minute, P1 5, P2 15, P3 60, 95 times of 100. A
higher tier costs more and keeps a longer history: P0 365 days, P1 180, P2 90, P3 30. Without an owner: every owner and its
tier.

  <owner>         its kind and EVE id: corporation#98000001
  <tier>          P0, P1, P2 or P3

  --data DIR      the local host's data folder (.tapi)
  --stage NAME    a stage in AWS instead, with the credentials and the region of the environment
  --json          one JSON document instead of a table

Exit code: 0 done, 1 failed, 2 asked wrongly.`;

const read = (args: string[]) =>
  parse(
    {
      args,
      allowPositionals: true,
      options: {
        ...commonOptions,
        json: { type: "boolean", default: false },
      },
    },
    usage,
  );

function ownerIn(text: string): Owner.Owner {
  try {
    return Owner.ownerOf(text.replace(":", "#"));
  } catch {
    throw new UsageError(`"${text}" is no owner: write its kind and EVE id, as in corporation#98000001.\n\n${usage}`);
  }
}

function tierIn(text: string | undefined): Owner.Tier {
  const { data } = Owner.Tier.safeParse(text?.toUpperCase());
  if (data) return data;
  throw new UsageError(`"${text ?? ""}" is no tier: there are ${Owner.tiers.join(", ")}.\n\n${usage}`);
}

async function list(json: boolean, say: Terminal["say"]): Promise<void> {
  const owners = await Tier.list();
  if (json) return say(JSON.stringify(owners));
  if (owners.length === 0) return say("No owner is enrolled.");
  const rows = owners.map(({ kind, id, name, tier, addedAt, active }) => [
    `${kind}#${id}`,
    name,
    tier,
    addedAt.slice(0, 10),
    active ? "" : "inactive",
  ]);
  say(table(["owner", "name", "tier", "added", ""], rows));
}

/** Lists owners with their tiers, or sets one; resolves with the process's exit code. */
export async function run(args: string[], { say, user }: Terminal): Promise<number> {
  const { values, positionals } = read(args);
  const { help, data, stage, json } = values;
  const [text, tier, ...more] = positionals;
  if (help) {
    say(usage);
    return 0;
  }
  if (more.length > 0) throw new UsageError(usage);
  const change = text === undefined ? undefined : { owner: ownerIn(text), tier: tierIn(tier) };
  await connect({ data, stage });
  await Actor.provide({ type: "system", name: `${user} (command line)` }, async () => {
    if (!change) return list(json, say);
    await Tier.set(change);
    say(`${Owner.keyOf(change.owner)} is ${change.tier} now.`);
  });
  return 0;
}
