/* Server-sent events. The browser comes back by itself after a break; after a refusal, we do. */

const AGAIN_MS = 5_000;

/* Calls heard(kind, data) for each event of these kinds, and state("live" | "waiting"). */
export function listen(address, kinds, heard, state) {
  const source = new EventSource(address);
  source.addEventListener("open", () => state("live"));
  source.addEventListener("error", () => {
    state("waiting");
    if (source.readyState === EventSource.CLOSED)
      setTimeout(() => listen(address, kinds, heard, state), AGAIN_MS);
  });
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)));
  }
}
