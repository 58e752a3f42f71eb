// A question to the server: its events, and again when the connection breaks.
import { say } from "./words.js";

/** Milliseconds between attempts. The message's id makes the server answer it once. */
const PAUSES = [1000, 3000, 8000];
/** Milliseconds between attempts while the server starts, and its reasons then. */
const STARTS = 4000, STARTING = new Set(["preparing", "stopping"]);
/** Milliseconds of silence: told in words; taken for a lost connection (a ping comes every 15 s). */
const SLOW = 20_000, SILENT = 50_000;

/** The server said no, in words for the person; `soon` where it is only just starting. */
export class Refusal extends Error {
  constructor(words, code) {
    super(words);
    this.code = code;
    this.soon = STARTING.has(code);
  }
}
/** Nothing came through, however often it was tried. */
export class Lost extends Error {}

export const name = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

export const send = async (method, address, body, signal) => {
  const response = await fetch(address, {
    method, signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (response.ok) return response;
  let said = null;
  try { said = (await response.json()).error; } catch { /* a proxy's page */ }
  if (said?.message) throw new Refusal(said.message, said.code);
  throw new TypeError(`HTTP ${response.status}`);
};

async function* once(body, signal, quiet) {
  const mine = new AbortController();
  const stop = () => mine.abort();
  signal.addEventListener("abort", stop);
  let slow, silent;
  const heard = () => {
    clearTimeout(slow);
    clearTimeout(silent);
    slow = setTimeout(quiet, SLOW);
    silent = setTimeout(stop, SILENT);
  };
  try {
    heard();
    const response = await send("POST", "/api/chat", body, mine.signal);
    const reader = response.body.getReader(), text = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      const blocks = (rest + text.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n");
        const kind = lines.find((each) => each.startsWith("event: "));
        const data = lines.find((each) => each.startsWith("data: "));
        if (kind && data) yield [kind.slice(7), JSON.parse(data.slice(6))];
      }
    }
  } finally {
    clearTimeout(slow);
    clearTimeout(silent);
    signal.removeEventListener("abort", stop);
    mine.abort();
  }
}

const pause = (milliseconds, signal) => new Promise((go) => {
  const timer = setTimeout(go, milliseconds);
  for (const [target, event] of [[signal, "abort"], [window, "online"]]) {
    target.addEventListener(event, () => { clearTimeout(timer); go(); }, { once: true });
  }
});

/** The events of an answer; `told` hears what is said meanwhile. Ends with `final` or `error`,
 * or throws a Refusal, Lost, or what the signal was aborted with. */
export async function* answered(body, signal, told) {
  for (let attempt = 0; ; attempt += 1) {
    let starting = "";
    try {
      for await (const event of once(body, signal, () => told(say("slow")))) {
        yield event;
        if (event[0] === "final" || event[0] === "error") return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof Refusal) {
        if (!error.soon || attempt === PAUSES.length) throw error;
        starting = error.message;
      }
    }
    signal.throwIfAborted?.();
    if (attempt === PAUSES.length) throw new Lost();
    const online = navigator.onLine;
    told(starting || say(online ? "retrying" : "offline"));
    await pause(starting ? STARTS : online ? PAUSES[attempt] : 60_000, signal);
    if (signal.aborted) throw new DOMException("", "AbortError");
    yield ["restart", null];
  }
}
