import { useSyncExternalStore } from "react";
import { api, read } from "./client.ts";
import { learnServerTime } from "./clock.ts";
import type { SocketMessage } from "./contract.ts";
import { LiveSocket, type SocketState } from "./socket.ts";

type Listener = (message: SocketMessage) => void;

const messageListeners = new Set<Listener>();

/** Domain folders listen for the messages that concern them. */
export function onMessage(listener: Listener): () => void {
  messageListeners.add(listener);
  return () => messageListeners.delete(listener);
}

export function publish(message: SocketMessage): void {
  learnServerTime(Date.parse(message.at));
  for (const listener of messageListeners) listener(message);
}

const stateListeners = new Set<(state: SocketState) => void>();

/** The page's one connection. */
export const connection = new LiveSocket({
  ticket: () => read(api.socket.ticket.$post()),
  onMessage: publish,
  onState: (state) => {
    for (const listener of stateListeners) listener(state);
  },
});

function onSocketState(listener: (state: SocketState) => void): () => void {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

export function useSocketState(): SocketState {
  return useSyncExternalStore(onSocketState, () => connection.state);
}
