interface Flight {
  result: Promise<unknown>;
  controller: AbortController;
  passengers: number;
}

const flights = new Map<string, Flight>();

function launch<T>(key: string, start: (signal: AbortSignal) => Promise<T>): Flight {
  const controller = new AbortController();
  const result = start(controller.signal).finally(() => {
    if (flights.get(key) === flight) flights.delete(key);
  });
  const flight: Flight = { result, controller, passengers: 0 };
  flights.set(key, flight);
  return flight;
}

/**
 * Callers who ask for the same thing at the same time share one request and its answer (the same object: read it, do not
 * change it). One who aborts leaves alone; the request is called off when the last has left.
 */
export function coalesce<T>(
  key: string,
  signal: AbortSignal | undefined,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const flight = flights.get(key) ?? launch(key, start);
  flight.passengers += 1;
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      flight.passengers -= 1;
      if (flight.passengers === 0) {
        if (flights.get(key) === flight) flights.delete(key);
        flight.controller.abort(signal?.reason);
      }
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    flight.result
      .then((value) => resolve(value as T), reject)
      .finally(() => signal?.removeEventListener("abort", leave));
  });
}
