import { useSyncExternalStore } from "react";
import { api, read } from "./client.ts";
import { publish } from "./live.ts";
import { LiveSocket, type SocketState } from "./socket.ts";

const listeners = new Set<(state: SocketState) => void>();

/** The page's one connection. */
export const connection = new LiveSocket({
  ticket: () => read(api.socket.ticket.$post()),
  onMessage: publish,
  onState: (state) => {
    for (const listener of listeners) listener(state);
  },
});

function onSocketState(listener: (state: SocketState) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSocketState(): SocketState {
  return useSyncExternalStore(onSocketState, () => connection.state);
}
