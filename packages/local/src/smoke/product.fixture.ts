import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as Config from "@tapi/core/platform/config";
import { handler as api } from "@tapi/functions/api";
import { handler as socketFunction } from "../../../functions/src/socket/index.ts";
import { createGateway, createSite } from "../gateway/index.ts";
import { productTopology } from "../host/product.ts";
import type { Invoke } from "../runtime/topology.ts";
import { createSocketGateway } from "../socket/index.ts";

export interface ProductFront {
  url: string;
  product: RequestListener;
  /** Who answers: the product, unless a test puts something before it, as a bad proxy would stand there. */
  answer: RequestListener;
  /** What the socket's function answers in place of the product's, if anything. */
  socketStatus: number | undefined;
  close(): void;
}

/** The product's own gateway, API and sockets on one port, as the local host joins them, on the run's table. */
export async function startProductFront(ssoUrl: string): Promise<ProductFront> {
  const webDir = mkdtempSync(join(tmpdir(), "tapi-front-"));
  mkdirSync(join(webDir, "assets"));
  writeFileSync(join(webDir, "index.html"), '<!doctype html><script type="module" src="/assets/index-1.js"></script>');
  const server = createServer((request, response) => front.answer(request, response)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { PUBLIC_URL: url, SSO_BASE_URL: ssoUrl });
  Config.reset();
  const invoke: Invoke = async (name, event) => {
    if (name === productTopology.http.function) return api(event as Parameters<typeof api>[0]);
    if (front.socketStatus) return { statusCode: front.socketStatus };
    return socketFunction(event as Parameters<typeof socketFunction>[0]);
  };
  const socketUrl = `${url.replace("http", "ws")}/socket`;
  const product = createGateway({ http: productTopology.http, invoke, site: createSite(webDir), socketUrl });
  const sockets = createSocketGateway({ socket: productTopology.socket, invoke, path: "/socket" });
  server.on("upgrade", (request, socket, head) => void sockets.upgrade(request, socket, head));
  const close = () => {
    server.closeAllConnections();
    server.close();
    rmSync(webDir, { recursive: true });
  };
  const front: ProductFront = { url, product, answer: product, socketStatus: undefined, close };
  return front;
}
