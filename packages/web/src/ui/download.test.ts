import { expect, test } from "vitest";
import { readFile } from "./download.ts";

const address = "http://localhost/rows.csv?search=a";
const part = (text: string, next?: string) => new Response(text, next ? { headers: { "next-cursor": next } } : {});
const failed = (status: number) => new Response(JSON.stringify({ error: { code: "x", message: "No." } }), { status });

function answering(...answers: (Response | Error)[]) {
  const asked: string[] = [];
  const fetch = async (url: string | URL | Request) => {
    asked.push(new URL(String(url)).search);
    const answer = answers.shift() as Response | Error;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, fetch };
}

const asking = (fetch: typeof globalThis.fetch, signal = new AbortController().signal) => {
  const progress: number[] = [];
  return { progress, fetch, signal, onProgress: (bytes: number) => progress.push(bytes), pause: async () => {} };
};

test("the parts of a file are put together in order, each asked for where the one before ended", async () => {
  const { asked, fetch } = answering(part("heading\r\n1\r\n", "one"), part("2\r\n", "two"), part("3\r\n"));
  const options = asking(fetch);

  const file = await readFile(address, options);

  expect(await file.text()).toBe("heading\r\n1\r\n2\r\n3\r\n");
  expect(asked).toEqual(["?search=a&bom=true", "?search=a&bom=true&cursor=one", "?search=a&bom=true&cursor=two"]);
  expect(options.progress).toEqual([12, 15, 18]);
});

test("a part that fails on the way is asked for again, and none comes twice", async () => {
  const { asked, fetch } = answering(part("1,", "one"), failed(502), new TypeError("offline"), failed(429), part("2"));

  expect(await (await readFile(address, asking(fetch))).text()).toBe("1,2");
  expect(asked.filter((search) => search.includes("cursor=one"))).toHaveLength(4);
});

test("a refusal ends the file at once, and so does the reader", async () => {
  const refused = answering(part("1", "one"), failed(400));
  const controller = new AbortController();
  const ended = answering(new Error("aborted"));
  controller.abort();

  await expect(readFile(address, asking(refused.fetch))).rejects.toMatchObject({ status: 400 });
  await expect(readFile(address, asking(ended.fetch, controller.signal))).rejects.toThrow("aborted");
  expect([refused.asked.length, ended.asked.length]).toEqual([2, 1]);
});
