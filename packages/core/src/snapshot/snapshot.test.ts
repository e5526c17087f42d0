import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import * as Db from "../platform/db/index.ts";
import { packAll } from "./columns.ts";
import { apply, Unwinding } from "./delta.ts";
import * as Snapshot from "./index.ts";
import { base, delta, head } from "./snapshot.entity.ts";
import { tableFrom } from "./table.ts";
import { viewOf } from "./view.ts";

const shape: Snapshot.Shape = { columns: ["id", "name", "quantity"], key: ["id"] };
const fresh = (): Snapshot.Address => ({ owner: `corporation#${randomUUID()}`, collection: "things" });
const options = { fence: 1, retentionDays: 30 };
const row = (id: number, name = `thing ${id}`, quantity = id): Snapshot.Row => ({ id, name, quantity });
const rowsOf = async (address: Snapshot.Address) => (await Snapshot.read(address, shape)).rows();

beforeEach(() => Snapshot.clearCache());

test("what was committed is read back whole, by a process that knows nothing", async () => {
  const address = fresh();
  await Snapshot.commit(
    address,
    shape,
    Snapshot.tableOf(shape, [row(3), row(1), { id: 2, name: "nothing counted" }]),
    options,
  );

  Snapshot.clearCache();
  const view = await Snapshot.read(address, shape);

  expect(view.version).toBe(1);
  expect(view.rows()).toEqual([row(1), { id: 2, name: "nothing counted" }, row(3)]);
});

test("a commit says what was added, removed and changed, and changes nothing when nothing changed", async () => {
  const address = fresh();
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1), row(2), row(3)]), options);

  const second = await Snapshot.commit(
    address,
    shape,
    Snapshot.tableOf(shape, [row(1), row(2, "renamed"), row(4)]),
    options,
  );
  const third = await Snapshot.commit(
    address,
    shape,
    Snapshot.tableOf(shape, [row(4), row(2, "renamed"), row(1)]),
    options,
  );

  expect(second.delta).toEqual({
    added: [row(4)],
    removed: [row(3)],
    changed: [{ key: 2, before: { name: "thing 2" }, after: { name: "renamed" } }],
  });
  expect(third.changed).toBe(false);
  expect(third.view.version).toBe(2);
});

test("an unchanged commit writes nothing, a small change writes a few units", async () => {
  const address = fresh();
  const rows = Array.from({ length: 5_000 }, (_, id) => row(id));
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows), options);

  const unchanged = await Db.metered(() => Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows), options));
  const changed = await Db.metered(() =>
    Snapshot.commit(address, shape, Snapshot.tableOf(shape, [...rows.slice(1), row(9_999)]), options),
  );

  expect(unchanged.consumed.writeUnits).toBe(0);
  expect(changed.consumed.writeUnits).toBeLessThanOrEqual(4);
});

test("a head tells the size of its base, in all its parts, and of what has changed since", async () => {
  const address = fresh();
  const rows = Array.from({ length: 12_000 }, (_, id) => row(id, randomUUID() + randomUUID()));
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows), options);
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows.slice(1)), options);
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows.slice(2)), options);

  const [current, bases, deltas] = await Promise.all([
    head().get(address).go(),
    base().query.primary(address).go({ pages: "all" }),
    delta().query.history(address).go({ pages: "all" }),
  ]);

  const bytes = (items: { data: unknown }[]) => items.reduce((sum, { data }) => sum + (data as Uint8Array).length, 0);
  expect(bases.data.length).toBeGreaterThan(1);
  expect(current.data).toMatchObject({
    version: 3,
    rows: 11_998,
    baseVersion: 1,
    baseParts: bases.data.length,
    baseBytes: bytes(bases.data),
    deltaParts: [1, 1],
    deltaBytes: bytes(deltas.data),
  });
});

test("a removed row that `keep` speaks for stays", async () => {
  const address = fresh();
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1), row(2), row(3)]), options);

  const { delta: change } = await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(3)]), {
    ...options,
    keep: (previous) => (index) => previous.keys[index] === 2,
  });

  expect(change?.removed).toEqual([row(1)]);
  expect(await rowsOf(address)).toEqual([row(2), row(3)]);
});

test("of two writers that started from the same version one wins and the other changes nothing", async () => {
  const address = fresh();
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1)]), options);

  const attempts = await Promise.allSettled(
    [2, 3, 4, 5].map((id) =>
      Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1), row(id)]), { ...options, fence: id }),
    ),
  );

  const won = attempts.filter((attempt) => attempt.status === "fulfilled");
  const lost = attempts.filter((attempt) => attempt.status === "rejected");
  expect(lost.every(({ reason }) => reason instanceof Snapshot.ConflictError)).toBe(true);
  Snapshot.clearCache();
  const rows = await rowsOf(address);
  expect(won.map((attempt) => attempt.value.view.rows())).toContainEqual(rows);
});

test("a writer whose lease was taken over is refused, even if it was first to start", async () => {
  const address = fresh();
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1)]), { ...options, fence: 5 });

  const late = Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(2)]), { ...options, fence: 4 });

  await expect(late).rejects.toBeInstanceOf(Snapshot.ConflictError);
  Snapshot.clearCache();
  expect(await rowsOf(address)).toEqual([row(1)]);
});

test("parts that a killed writer left behind are never seen and do not stand in the way", async () => {
  const address = fresh();
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1)]), options);
  const [blob] = await (packAll(tableFrom({ id: [666], name: ["torn"], quantity: [1] }, 1))[0] as Promise<
    Uint8Array[]
  >);
  await delta()
    .put({
      ...address,
      version: 2,
      part: 0,
      parts: 2,
      fence: 2,
      data: blob,
      at: 1,
      previousAt: 0,
      added: 1,
      removed: 0,
      changed: 0,
      expiresAt: Db.ttlAt(Date.now() + 1e9),
    })
    .go();
  await base()
    .put({ ...address, slot: "b", part: 0, version: 2, fence: 2, data: blob })
    .go();

  Snapshot.clearCache();
  expect(await rowsOf(address)).toEqual([row(1)]);
  await Snapshot.commit(address, shape, Snapshot.tableOf(shape, [row(1), row(2)]), { ...options, fence: 3 });

  Snapshot.clearCache();
  expect(await rowsOf(address)).toEqual([row(1), row(2)]);
});

/** Commits these rows one after the other, each at a moment of its own; the moments. */
async function commitAll(address: Snapshot.Address, versions: Snapshot.Row[][]): Promise<number[]> {
  const moments: number[] = [];
  for (const rows of versions) {
    await Snapshot.commit(address, shape, Snapshot.tableOf(shape, rows), options);
    moments.push(Date.now());
    await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(moments.at(-1) as number);
  }
  return moments;
}

async function stepsOf(address: Snapshot.Address, which: Parameters<typeof Snapshot.walkHistory>[2] = {}) {
  const found: Snapshot.HistoryStep[] = [];
  for await (const step of Snapshot.walkHistory(address, shape, which)) found.push(step);
  return found;
}

test("history gives back every earlier version and each step between, newest first", async () => {
  const address = fresh();
  const versions = [[row(1)], [row(1), row(2)], [row(2, "renamed")], [row(2, "renamed"), row(7)]];
  const moments = await commitAll(address, versions);

  const seen = await Promise.all(moments.map(async (moment) => (await Snapshot.at(address, shape, moment)).rows()));
  const steps = await stepsOf(address);

  expect(seen).toEqual(versions);
  expect(steps.map(({ version, added, removed, changed }) => [version, added, removed, changed])).toEqual([
    [4, 1, 0, 0],
    [3, 0, 1, 1],
    [2, 1, 0, 0],
  ]);
  expect((await steps[1]?.delta())?.removed).toEqual([row(1)]);
  expect(steps[0]?.previousAt).toBe(steps[1]?.at);
});

test("a long history is read from any version or moment on", async () => {
  const address = fresh();
  const moments = await commitAll(
    address,
    Array.from({ length: 30 }, (_, at) => [row(at)]),
  );

  const fromMoment = await stepsOf(address, { until: moments[19] });
  const fromVersion = await stepsOf(address, { from: 5 });

  expect(fromMoment.map(({ version }) => version)).toEqual(Array.from({ length: 19 }, (_, at) => 20 - at));
  expect(fromVersion.map(({ version }) => version)).toEqual([5, 4, 3, 2]);
});

test("before its first version a collection is empty; what has expired is refused, not guessed", async () => {
  const address = fresh();
  const before = Date.now() - 1;
  const moments = await commitAll(address, [[row(1)], [row(2)], [row(3)], [row(4)]]);
  await delta()
    .delete({ ...address, version: 2, part: 0 })
    .go();

  const first = await Snapshot.at(fresh(), shape, before);
  const third = await Snapshot.at(address, shape, moments[2] as number);

  expect(first.rows()).toEqual([]);
  expect(third.rows()).toEqual([row(3)]);
  expect((await Snapshot.at(address, shape, moments[1] as number)).rows()).toEqual([row(2)]);
  const tooEarly = Snapshot.at(address, shape, moments[0] as number);
  await expect(tooEarly).rejects.toMatchObject({ name: "SnapshotForgottenError", since: expect.any(Number) });
  await expect(tooEarly).rejects.toSatisfy((error: Snapshot.ForgottenError) => error.since > (moments[0] as number));
});

test("a version of which a part is missing, or is another one's, is refused and never guessed", async () => {
  const written = async () => {
    const address = fresh();
    await commitAll(address, [[row(1)], [row(1), row(2)], [row(1), row(2), row(3)]]);
    return address;
  };
  const refused = async (harm: (address: Snapshot.Address) => Promise<unknown>) => {
    const address = await written();
    await harm(address);
    Snapshot.clearCache();
    return Snapshot.read(address, shape).then(
      () => "read",
      () => "refused",
    );
  };
  const baseOf = (address: Snapshot.Address) => ({ ...address, slot: "a" as const, part: 0 });
  const slots = await base()
    .query.primary(await written())
    .go();
  const slot = slots.data[0]?.slot ?? "a";

  const outcomes = await Promise.all([
    refused(async () => undefined),
    refused((address) =>
      base()
        .delete({ ...baseOf(address), slot })
        .go(),
    ),
    refused((address) =>
      base()
        .patch({ ...baseOf(address), slot })
        .set({ version: 9 })
        .go(),
    ),
    refused((address) =>
      delta()
        .delete({ ...address, version: 2, part: 0 })
        .go(),
    ),
    refused((address) =>
      delta()
        .delete({ ...address, version: 3, part: 0 })
        .go(),
    ),
    refused((address) =>
      delta()
        .patch({ ...address, version: 2, part: 0 })
        .set({ parts: 2 })
        .go(),
    ),
  ]);

  expect(outcomes).toEqual(["read", ...Array(5).fill("refused")]);
});

test("a row that no item of the table could hold is told, not cut in half for ever", async () => {
  const name = Buffer.from(Array.from({ length: 600_000 }, () => Math.floor(Math.random() * 256))).toString("base64");
  const table = Snapshot.tableOf(shape, [row(1), row(2, name)]);

  await expect(Promise.all(packAll(table))).rejects.toThrow(/one row packs to \d+ bytes/);
});

test.each([1, 2, 3])(
  "of %i versions the first one is known from its very moment on, and before it nothing was",
  async (count) => {
    const address = fresh();
    const versions = Array.from({ length: count }, (_, at) => [row(at)]);
    await commitAll(address, versions);
    const { since, isFirst } = (await Snapshot.beginning(address)) as Snapshot.Beginning;
    const at = async (moment: number) => (await Snapshot.at(address, shape, moment)).rows();

    expect(isFirst).toBe(true);
    expect([await at(since - 1), await at(since), await at(Date.now())]).toEqual([[], [row(0)], versions.at(-1)]);
  },
);

test("what a writer wrote and did not publish is no part of history", async () => {
  const address = fresh();
  await commitAll(address, [[row(1)], [row(2)]]);
  await abandon(address, [row(3)], 9);

  const steps = await stepsOf(address);

  expect(steps.map(({ version }) => version)).toEqual([2]);
});

test("applying random deltas gives every later version, taking them back every earlier one", () => {
  const rows = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 0, max: 12 }), quantity: fc.integer({ min: 0, max: 2 }) }),
    { selector: (each) => each.id, maxLength: 10 },
  );

  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 8 }), (versions) => {
      const views = [Snapshot.View.empty(shape)];
      const deltas: Snapshot.Delta[] = [];
      for (const next of versions) {
        const { view, delta } = Snapshot.merge(
          views.at(-1) as Snapshot.View,
          viewOf(shape, Snapshot.tableOf(shape, next), views.length),
          () => false,
        );
        views.push(view);
        deltas.push(delta);
      }
      deltas.forEach((delta, version) => {
        const applied = apply(views[version] as Snapshot.View, delta, version + 1);
        expect(applied.rows()).toEqual((views[version + 1] as Snapshot.View).rows());
      });
      const unwinding = new Unwinding(views.at(-1) as Snapshot.View);
      for (let version = versions.length - 1; version >= 0; version -= 1) {
        unwinding.take(deltas[version] as Snapshot.Delta);
        expect(unwinding.finish(version).rows()).toEqual((views[version] as Snapshot.View).rows());
      }
    }),
  );
});

test("random histories survive cold reads, compaction and interrupted writers", async () => {
  const rows = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 40 }),
      name: fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
      quantity: fc.integer(),
    }),
    { selector: (each) => each.id, maxLength: 30 },
  );
  const step = fc.record({ rows, interrupted: fc.boolean(), cold: fc.boolean(), compact: fc.boolean() });

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const address = fresh();
      let fence = 0;
      let expected: Snapshot.Row[] = [];
      for (const { rows: next, interrupted, cold, compact } of steps) {
        fence += 1;
        if (cold) Snapshot.clearCache();
        // A writer that is killed has at most claimed the head and written parts: a higher fence goes on from there.
        if (interrupted) await abandon(address, next, fence++);
        await Snapshot.commit(address, shape, Snapshot.tableOf(shape, next), { fence, retentionDays: 30 });
        expected = [...next]
          .sort((a, b) => a.id - b.id)
          .map(({ name, ...rest }) => (name === undefined ? rest : { ...rest, name }));
        if (compact) await Snapshot.compact(address, shape, { fence: ++fence, before: Date.now() + 1 });
        if (cold) Snapshot.clearCache();
        expect(await rowsOf(address)).toEqual(expected);
      }
    }),
    { numRuns: 25 },
  );
});

/** Leaves behind what a writer killed before its publication would: a delta of the next version under its fence. */
async function abandon(address: Snapshot.Address, rows: Snapshot.Row[], fence: number): Promise<void> {
  const { version } = await Snapshot.describe(address);
  const [blob] = await (packAll(
    tableFrom({ id: rows.map((each) => each.id), name: [], quantity: [] }, 0),
  )[0] as Promise<Uint8Array[]>);
  await delta()
    .put({
      ...address,
      version: version + 1,
      part: 0,
      parts: 1,
      fence,
      data: blob,
      at: Date.now(),
      previousAt: 0,
      added: 0,
      removed: 0,
      changed: 0,
      expiresAt: Db.ttlAt(Date.now() + 1e9),
    })
    .go();
}
