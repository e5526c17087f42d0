import { keyOf } from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as DeadLetter from "@tapi/core/product/dead-letter";
import type { QueueName } from "@tapi/functions/topology";
import { connect } from "./connect.ts";
import { commonOptions, parse } from "./parse.ts";
import { span, table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi dlq <list|show|redrive|discard> [options]

Messages that failed as often as their queue allows wait in its dead-letter queue for 14 days.

  list                     what failed: owner, datasets, age, reason; newest first
  show --id M              one message: its body and every attempt at it
  redrive --id M | --all   send it, or all, back to be tried again; what is out of date does nothing
  discard --id M | --all   delete it, or all; takes --reason, which stays in the audit trail

  --queue Q       look in this queue only (list, redrive and discard take all queues otherwise)
  --id M          the message's id, as \`list\` shows it
  --all           every dead letter, of --queue or of all queues
  --reason "..."  why they are discarded
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
        queue: { type: "string" },
        id: { type: "string" },
        all: { type: "boolean", default: false },
        reason: { type: "string" },
        json: { type: "boolean", default: false },
      },
    },
    usage,
  );

type Options = ReturnType<typeof read>["values"] & { queue?: QueueName };

async function everyLetter(queue: QueueName | undefined): Promise<DeadLetter.Letter[]> {
  const letters: DeadLetter.Letter[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await DeadLetter.list({ queue, limit: 100, cursor });
    letters.push(...page.letters);
    cursor = page.nextCursor;
  }
  return letters;
}

/** The queue that a message lies in, where only its id was given. */
async function locate(
  messageId: string,
  queue: QueueName | undefined,
): Promise<{ queue: QueueName; messageId: string }> {
  if (queue) return { queue, messageId };
  const found = (await everyLetter(undefined)).find((letter) => letter.messageId === messageId);
  if (!found) throw new Error(`There is no dead letter ${messageId}.`);
  return { queue: found.queue, messageId };
}

const about = ({ owner, ownerName, type }: DeadLetter.Letter) => ownerName ?? (owner ? keyOf(owner) : (type ?? ""));

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

async function list({ queue, json }: Options, { say }: Terminal): Promise<void> {
  const letters = await everyLetter(queue);
  if (json) say(JSON.stringify(letters));
  else if (letters.length === 0) say("No dead letters.");
  else {
    const rows = letters.map((letter) => [
      letter.queue,
      letter.messageId,
      about(letter),
      letter.datasets.join(", "),
      span(letter.ageSeconds),
      String(letter.attempts.length),
      oneLine(`${letter.reason.code}: ${letter.reason.message}`).slice(0, 100),
    ]);
    say(table(["queue", "message", "owner", "datasets", "age", "tries", "reason"], rows));
  }
}

function details(letter: DeadLetter.Letter): string {
  const facts = [
    ["message", letter.messageId],
    ["queue", letter.queue],
    ["owner", about(letter)],
    ["datasets", letter.datasets.join(", ")],
    ["sent", `${letter.sentAt} (${span(letter.ageSeconds)} ago)`],
    ["reason", oneLine(`${letter.reason.code}: ${letter.reason.message}`)],
    ["body", letter.body],
  ].map(([name = "", value]) => `${name.padEnd(12)}${value}`);
  const attempts = letter.attempts.map(({ at, number, worker, requestId, code, message }) => [
    at,
    String(number),
    worker ?? "",
    requestId ?? "",
    oneLine(`${code}: ${message}`),
  ]);
  return [...facts, "", table(["attempt at", "try", "worker", "request", "error"], attempts)].join("\n");
}

async function show({ id, queue, json }: Options, { say }: Terminal): Promise<void> {
  if (!id) throw new UsageError(`show takes --id.\n\n${usage}`);
  const letter = await DeadLetter.get(await locate(id, queue));
  say(json ? JSON.stringify(letter) : details(letter));
}

/** What an action is for: one message, or all of one queue or of every queue that holds any. */
async function targets(command: string, { id, all, queue }: Options) {
  if (all === (id !== undefined)) throw new UsageError(`${command} takes either --id or --all.\n\n${usage}`);
  if (id) return [await locate(id, queue)];
  const states = await DeadLetter.queueStates();
  const filled = states.filter((state) => state.deadLetters > 0 && (!queue || state.queue === queue));
  return filled.map((state) => ({ queue: state.queue, all: true as const }));
}

async function redrive(options: Options, { say }: Terminal): Promise<void> {
  let redriven = 0;
  for (const target of await targets("redrive", options)) redriven += (await DeadLetter.redrive(target)).redriven;
  say(options.json ? JSON.stringify({ redriven }) : `${redriven} sent back.`);
}

async function discard(options: Options, { say }: Terminal): Promise<void> {
  const { reason } = options;
  if (!reason?.trim()) throw new UsageError(`discard takes --reason: it stays in the audit trail.\n\n${usage}`);
  let discarded = 0;
  for (const target of await targets("discard", options)) {
    discarded += (await DeadLetter.discard({ ...target, reason })).discarded;
  }
  say(options.json ? JSON.stringify({ discarded }) : `${discarded} discarded.`);
}

const actions: Record<string, (options: Options, terminal: Terminal) => Promise<void>> = {
  list,
  show,
  redrive,
  discard,
};

/** `pnpm tapi dlq`: looks at dead letters, sends them back, discards them. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read(args);
  const [name = "", ...rest] = positionals;
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action || rest.length > 0) throw new UsageError(usage);
  const { queue } = values;
  if (queue !== undefined && !isQueue(queue)) {
    throw new UsageError(`There is no queue "${queue}". There are: ${DeadLetter.queueNames.join(", ")}.`);
  }
  await connect(values);
  const { queue: _, ...options } = values;
  await Actor.provide({ type: "system", name: `${terminal.user} (command line)` }, () =>
    action({ ...options, ...(queue ? { queue } : {}) }, terminal),
  );
  return 0;
}

const isQueue = (name: string): name is QueueName => (DeadLetter.queueNames as readonly string[]).includes(name);
