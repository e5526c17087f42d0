import { backoffMs } from "./backoff.ts";
import type { SocketMessage, SocketTicket } from "./contract.ts";
import { ApiError } from "./envelope.ts";

/** `signed-out`: the API refused a ticket; trying again is pointless until somebody logs in. */
export type SocketState = "idle" | "connecting" | "open" | "waiting" | "signed-out";

export interface SocketOptions {
  /** A ticket serves one connection, so each try asks for a new one. */
  ticket: () => Promise<SocketTicket>;
  onMessage: (message: SocketMessage) => void;
  onState: (state: SocketState) => void;
  WebSocket?: new (url: string, protocols: string[]) => WebSocket;
  /** API Gateway drops a connection that is silent for 10 minutes; a shorter beat also notices a dead network. */
  pingEveryMs?: number;
  pongWithinMs?: number;
  ackAfterMs?: number;
  backoff?: (attempt: number) => number;
}

/** Ids remembered to drop a message that the server sent again because our ack was lost. */
const REMEMBERED = 500;

export class LiveSocket {
  #options: Required<SocketOptions>;
  #topics = new Set<string>();
  #seen = new Set<string>();
  #acks: string[] = [];
  #socket: WebSocket | undefined;
  #state: SocketState = "idle";
  #attempt = 0;
  /** Counts tries, so that the answer of an abandoned try is ignored. */
  #generation = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setTimeout> | undefined;
  #pong: ReturnType<typeof setTimeout> | undefined;
  #ack: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = {
      WebSocket: globalThis.WebSocket,
      pingEveryMs: 45_000,
      pongWithinMs: 10_000,
      ackAfterMs: 200,
      backoff: backoffMs,
      ...options,
    };
  }

  get state(): SocketState {
    return this.#state;
  }

  /** Connects, or tries at once when it is waiting for its next try. */
  start(): void {
    if (this.#state === "open" || this.#state === "connecting") return;
    void this.#connect();
  }

  stop(): void {
    this.#generation++;
    this.#drop();
    this.#enter("idle");
  }

  /** The topics wanted from now on. They outlive a connection: each new one subscribes to all of them. */
  setTopics(topics: Iterable<string>): void {
    const wanted = new Set(topics);
    const added = [...wanted].filter((topic) => !this.#topics.has(topic));
    const removed = [...this.#topics].filter((topic) => !wanted.has(topic));
    this.#topics = wanted;
    if (this.#state !== "open") return;
    if (added.length > 0) this.#send({ action: "subscribe", topics: added });
    if (removed.length > 0) this.#send({ action: "unsubscribe", topics: removed });
  }

  async #connect(): Promise<void> {
    const generation = ++this.#generation;
    this.#drop();
    this.#enter("connecting");
    try {
      const { ticket, url } = await this.#options.ticket();
      if (generation !== this.#generation) return;
      this.#listen(new this.#options.WebSocket(url, ["tapi.v1", `ticket.${ticket}`]), generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.#enter("signed-out");
      else this.#wait();
    }
  }

  #listen(socket: WebSocket, generation: number): void {
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (generation !== this.#generation) return;
      this.#attempt = 0;
      this.#enter("open");
      if (this.#topics.size > 0) this.#send({ action: "subscribe", topics: [...this.#topics] });
      this.#beat();
    });
    socket.addEventListener("message", (event: MessageEvent) => {
      if (generation === this.#generation) this.#receive(String(event.data));
    });
    // A failed connection is closed too, and that says all there is to say.
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", () => {
      if (generation !== this.#generation) return;
      this.#generation++;
      this.#wait();
    });
  }

  #receive(text: string): void {
    const message = parse(text);
    if (!message) return;
    this.#beat();
    if (message.type === "pong" || message.type === "subscribed") {
      this.#options.onMessage(message);
      return;
    }
    if (isNotice(message)) this.#acknowledge(message.id);
    if (this.#seen.has(message.id)) return;
    this.#seen.add(message.id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    this.#options.onMessage(message);
  }

  #acknowledge(id: string): void {
    this.#acks.push(id);
    this.#ack ??= setTimeout(() => {
      this.#ack = undefined;
      this.#send({ action: "ack", ids: this.#acks.splice(0) });
    }, this.#options.ackAfterMs);
  }

  /** Any message proves the connection alive, so each one puts the next ping off. */
  #beat(): void {
    clearTimeout(this.#ping);
    clearTimeout(this.#pong);
    this.#ping = setTimeout(() => {
      this.#send({ action: "ping" });
      this.#pong = setTimeout(() => {
        this.#generation++;
        this.#wait();
      }, this.#options.pongWithinMs);
    }, this.#options.pingEveryMs);
  }

  #wait(): void {
    this.#drop();
    this.#enter("waiting");
    this.#retry = setTimeout(() => void this.#connect(), this.#options.backoff(this.#attempt++));
  }

  #drop(): void {
    for (const timer of [this.#retry, this.#ping, this.#pong, this.#ack]) clearTimeout(timer);
    this.#ack = undefined;
    this.#acks = [];
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket && socket.readyState <= socket.OPEN) socket.close();
  }

  #send(message: object): void {
    if (this.#socket?.readyState === this.#socket?.OPEN) this.#socket?.send(JSON.stringify(message));
  }

  #enter(state: SocketState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Only what is meant for one user is kept until it is acknowledged; nobody waits for an answer to anything else. */
const isNotice = ({ topic = "" }: Partial<SocketMessage>): boolean => topic.startsWith("user:");

function parse(text: string): SocketMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && "type" in message
      ? (message as SocketMessage)
      : undefined;
  } catch {
    return undefined;
  }
}
