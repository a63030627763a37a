/* Server-sent events over fetch, since EventSource can't carry a token. Comes back by itself. */
import { request } from "./api.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 30000];
const SILENCE_MS = 60_000;

/* Calls heard(kind, data) for each event and state("live" | "waiting") as the line comes and goes, until
 * the signal is aborted. After a break it goes on from the last id that was heard. */
export async function listen(path, heard, state, signal) {
  let last = null;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const silence = new AbortController();
    const stop = () => silence.abort();
    signal.addEventListener("abort", stop);
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) };
      const answer = await request(path, { headers, cache: "no-store", signal: silence.signal });
      if (!answer.ok) throw new Error(`the stream answered ${answer.status}`);
      failures = 0;
      state("live");
      await read(answer.body.getReader(), silence, (event) => {
        last = event.id || last;
        if (event.data) heard(event.kind, JSON.parse(event.data));
      });
    } catch (error) {
      if (!signal.aborted && error.name !== "AbortError") console.warn(error.message);
    } finally {
      signal.removeEventListener("abort", stop);
    }
    if (signal.aborted) return;
    state("waiting");
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
  }
}

async function read(reader, silence, heard) {
  const decoder = new TextDecoder();
  let kept = "";
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { done, value } = await reader.read();
    clearTimeout(timer);
    if (done) return;
    kept += decoder.decode(value, { stream: true }).replaceAll("\r\n", "\n");
    const blocks = kept.split("\n\n");
    kept = blocks.pop();
    blocks.map(parse).forEach(heard);
  }
}

export function parse(block) {
  const event = { kind: "message", id: "", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "event") event.kind = value;
    else if (name === "id") event.id = value;
    else if (name === "data") event.data += (event.data ? "\n" : "") + value;
  }
  return event;
}
