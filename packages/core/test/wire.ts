import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of the wire's own, in place of the server's. */
export interface Refusal {
  status: number;
  body: object;
}

/** Says to a call, named by its `x-amz-target` operation, whether it is refused. */
type Refuse = (operation: string) => Refusal | undefined;

/** How many more calls get through, over all wires that share it: whoever makes one more hears nothing. */
export interface Cut {
  left: number;
  /** Settles when a call has been left without an answer. */
  reached: Promise<void>;
  /** Called by the wires. */
  reach: () => void;
}

export function cutAfter(calls: number): Cut {
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { left: calls, reached, reach };
}

/** The call after so many others waits until it is let go, or is dropped; shared by wires as a cut is. */
export interface Hold {
  left: number;
  reached: Promise<void>;
  reach: () => void;
  released: Promise<boolean>;
  release: () => void;
  /** The call is never made: its connection breaks, as do those of all later ones. */
  drop: () => void;
}

export function holdBefore(calls: number): Hold {
  const { left, reached, reach } = cutAfter(calls);
  let settle = (_: boolean) => {};
  const released = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  return { left, reached, reach, released, release: () => settle(true), drop: () => settle(false) };
}

export interface Wire {
  url: string;
  hold: Hold | undefined;
  refuse: Refuse | undefined;
  cut: Cut | undefined;
  /** Lets everything through again; calls that wait for an answer see their connection break. */
  mend: () => void;
  close: () => Promise<void>;
}

const operationOf = ({ headers }: IncomingMessage) => String(headers["x-amz-target"] ?? "").replace(/^.*\./, "");

/** A wire to a server that can be made to refuse, or to fall silent as if the caller's process had been killed. */
export async function startWire(target: string): Promise<Wire> {
  const agent = new Agent({ keepAlive: true });
  const silent = new Set<IncomingMessage>();
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? "/", target), { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(async (incoming, outgoing) => {
    const { hold } = wire;
    if (hold) {
      hold.left -= 1;
      if (hold.left < 0) {
        hold.reach();
        if (!(await hold.released)) return void incoming.socket.destroy();
      }
    }
    if (wire.cut) {
      wire.cut.left -= 1;
      if (wire.cut.left < 0) {
        silent.add(incoming);
        wire.cut.reach();
        return;
      }
    }
    const refusal = wire.refuse?.(operationOf(incoming));
    if (!refusal) return forward(incoming, outgoing);
    incoming.resume();
    outgoing.writeHead(refusal.status, { "content-type": "application/x-amz-json-1.0" });
    outgoing.end(JSON.stringify(refusal.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: undefined,
    cut: undefined,
    hold: undefined,
    mend: () => {
      wire.refuse = undefined;
      wire.cut = undefined;
      for (const call of silent) call.socket.destroy();
      silent.clear();
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return wire;
}
