import { randomInt } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as Config from "../../platform/config/index.ts";
import * as Esi from "./index.ts";
import { caught, type Scripted, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const corporation_id = randomInt(98_000_000, 99_000_000);
const path = { corporation_id };
const home = `/corporations/${corporation_id}/members`;
const accessToken = "eyJhbGciOi.c2VjcmV0.c2ln";
const ask = (more = {}) =>
  Esi.request("GetCorporationsCorporationIdMembers", {
    path,
    accessToken,
    characterId: randomInt(90_000_000, 98_000_000),
    ...more,
  });

const plain = Buffer.from("[1,2,3]");
const encoded = (encoding: string, body: Buffer): Scripted => ({ headers: { "content-encoding": encoding }, body });

describe("an encoded body is read, however the encoding is spelt", () => {
  test.each<[string, Scripted]>([
    ["GZIP", encoded("GZIP", gzipSync(plain))],
    ["x-gzip", encoded("x-gzip", gzipSync(plain))],
    ["X-Gzip with blanks", encoded("  X-Gzip ", gzipSync(plain))],
    ["deflate", encoded("deflate", deflateSync(plain))],
    ["Deflate without its frame", encoded("Deflate", deflateRawSync(plain))],
    ["br", encoded("br", brotliCompressSync(plain))],
    ["Br", encoded("Br", brotliCompressSync(plain))],
    ["identity", encoded("Identity", plain)],
    ["nothing", encoded("", plain)],
    ["br, then gzip", encoded("br, GZIP", gzipSync(brotliCompressSync(plain)))],
    ["gzip and an empty member", encoded("gzip, ", gzipSync(plain))],
  ])("%s", async (_, script) => {
    await serve(() => script);

    expect((await ask()).data).toEqual([1, 2, 3]);
  });
});

const zeros = (length: number) => gzipSync(Buffer.alloc(length, 0x20));

test.each<[string, Scripted, string]>([
  ["an encoding that nobody knows", encoded("zebra", plain), "it is encoded in a way that is not known"],
  ["a name that every object has", encoded("constructor", plain), "it is encoded in a way that is not known"],
  ["gzip that is none", encoded("gzip", plain), "it is not encoded as it says"],
  ["gzip cut off", encoded("gzip", gzipSync(plain).subarray(0, 15)), "it is not encoded as it says"],
  ["eight layers", encoded(Array(8).fill("gzip").join(), plain), "it is encoded too often"],
  ["forty megabytes in forty kilobytes", encoded("gzip", zeros(40 << 20)), "its body is too large"],
  ["the same in two layers", encoded("gzip, gzip", gzipSync(zeros(40 << 20))), "its body is too large"],
  ["forty megabytes as they are", { body: Buffer.alloc(40 << 20, 0x20) }, "its body is too large"],
])("%s is malformed, with the reason", async (_, script, why) => {
  await serve(() => script);

  const error = await caught(ask());

  expect(error).toMatchObject({ kind: "malformed", why });
});

test("what an error says is not read: its status counts, whatever its body is", async () => {
  await serve(() => ({ status: 403, ...encoded("gzip", plain) }));

  expect(await caught(ask())).toMatchObject({ kind: "forbidden", status: 403 });
});

test("an unchanged answer has no body, whatever its headers say", async () => {
  await serve(() => ({ status: 304, headers: { etag: '"a"', "content-encoding": "gzip" } }));

  expect(await ask({ etag: '"a"' })).toMatchObject({ status: 304, cost: 1 });
});

describe("redirects", () => {
  const moved = (location: string, status = 301): Scripted => ({ status, headers: { location }, body: "" });

  test.each([301, 302, 303, 307, 308])(
    "a %i to the same route is followed, with the token and the query",
    async (status) => {
      const esi = await serve(({ query }) => (query.has("moved") ? { body: [7] } : moved(`${home}/?moved=1`, status)));

      const answer = await Esi.pages("GetCorporationsCorporationIdMembers", {
        ...{ path, accessToken, characterId: randomInt(90_000_000, 98_000_000) },
      });

      expect(answer).toMatchObject({ pages: [[7]], cost: 3 });
      expect(esi.received[1]?.headers.authorization).toBe(`Bearer ${accessToken}`);
      expect(esi.received[1]?.query.get("page")).toBe("1");
    },
  );

  test("two are followed, a third is told", async () => {
    const hops = (most: number) =>
      serve(({ query }) => {
        const hop = Number(query.get("hop") ?? 0);
        return hop === most ? { body: [7] } : moved(`${home}?hop=${hop + 1}`);
      });

    await hops(2);
    const { data } = await ask();
    await hops(3);
    const error = await caught(ask());

    expect(data).toEqual([7]);
    expect(error).toMatchObject({ kind: "malformed", why: expect.stringContaining("it redirects (301)") });
  });

  test("to another host, port, scheme, route or owner no call goes, and no token", async () => {
    const strayed: (string | undefined)[] = [];
    const stranger = createServer((socket) =>
      socket.on("data", (data) => strayed.push(String(data))).on("error", () => {}),
    );
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as { port: number };
    const kinds: string[] = [];
    for (const target of [
      `http://127.0.0.1:${port}${home}`,
      `//127.0.0.1:${port}${home}`,
      `http://localhost:${port}${home}`,
      "https://esi.example/",
      `/corporations/${corporation_id + 1}/members`,
      `/corporations/${corporation_id}/assets`,
      `/latest${home}`,
      "/",
      "",
      "http://",
      `ftp://127.0.0.1${home}`,
    ]) {
      const esi = await serve((_request, count) => (count % 2 ? moved(target) : { body: [6] }));
      // The second try would succeed: what counts is that the first one's redirect was not followed.
      await ask();
      kinds.push(esi.received.map((request) => request.path).join());
    }
    stranger.close();

    expect(strayed).toEqual([]);
    expect(new Set(kinds)).toEqual(new Set([`${home},${home}`]));
  });

  test("credentials in the address are not taken along", async () => {
    const esi = await serve((request, count) => {
      if (count > 1) return { body: [7] };
      return moved(`http://user:secret@${request.headers.host}${home}?moved=1`);
    });

    await ask();

    expect(esi.received[1]?.query.has("moved")).toBe(false);
  });

  test("a POST is never sent elsewhere", async () => {
    const esi = await serve(() => moved("/universe/names?moved=1", 308));

    const error = await caught(Esi.request("PostUniverseNames", { body: [34] }));

    expect(error).toMatchObject({ kind: "malformed" });
    expect(esi.received.filter(({ query }) => query.has("moved"))).toEqual([]);
  });
});

describe("a server that speaks HTTP badly", () => {
  const servers: { close: () => void }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function speak(say: (socket: Socket, count: number) => void) {
    let count = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket
        .on("error", () => {})
        .on("data", () => {
          count += 1;
          say(socket, count);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    servers.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    vi.stubEnv("ESI_BASE_URL", `http://127.0.0.1:${(server.address() as { port: number }).port}`);
    Config.reset();
  }

  const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  test.each<[string, string]>([
    ["chunks", `${head}Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n4\r\n2,3]\r\n0\r\n\r\n`],
    ["an end that is the connection's", `${head}Connection: close\r\n\r\n[1,2,3]`],
    [
      "headers sent twice",
      `${head}Content-Type: text/plain\r\nX-Pages: 1\r\nX-Pages: 1\r\nContent-Length: 7\r\n\r\n[1,2,3]`,
    ],
  ])("%s: the answer is read", async (_, text) => {
    await speak((socket) => socket.end(text));

    expect((await ask()).data).toEqual([1, 2, 3]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ["a close before any answer", (socket) => socket.end()],
    [
      "a reset in the midst of the body",
      (socket) => socket.write(`${head}Content-Length: 70\r\n\r\n[1,`, () => socket.resetAndDestroy()),
    ],
    ["a close in the midst of the body", (socket) => socket.end(`${head}Content-Length: 70\r\n\r\n[1,`)],
    ["a close in the midst of a chunk", (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nff\r\n[1,`)],
    ["a length that is none", (socket) => socket.end(`${head}Content-Length: many\r\n\r\n[1]`)],
    ["two lengths", (socket) => socket.end(`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1]`)],
    ["no HTTP at all", (socket) => socket.end("220 ready\r\n")],
  ])("%s: no answer, and another try", async (_, say) => {
    await speak((socket, count) => (count === 1 ? say(socket) : socket.end(`${head}Content-Length: 3\r\n\r\n[7]`)));

    expect((await ask()).data).toEqual([7]);
  });

  test("a body that comes byte by byte is read to its end within the time for it", async () => {
    await speak((socket) => {
      socket.write(`${head}Content-Length: 7\r\n\r\n`);
      const rest = [...plain];
      const next = () => {
        const byte = rest.shift();
        if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });

    expect((await ask()).data).toEqual([1, 2, 3]);
  });
});

test("a route may take half a minute; then the call is given up, once", async () => {
  const waits: number[] = [];
  const original = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((callback: () => void, ms = 0) => {
    waits.push(ms);
    return original(callback, ms >= 30_000 ? 30 : ms);
  }) as typeof setTimeout);
  // As if each try took its whole time.
  const began = performance.now();
  let passed = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    passed += 20_000;
    return began + passed;
  });
  const esi = await serve(() => ({ fault: "hang" }));

  const error = await caught(ask());

  expect(error).toMatchObject({ kind: "timeout" });
  expect(Math.max(...waits)).toBeGreaterThan(40_000);
  expect(Math.max(...waits)).toBeLessThan(60_000);
  expect(esi.received).toHaveLength(1);
});
