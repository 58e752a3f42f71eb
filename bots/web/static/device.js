// What is kept in this browser and nowhere else: two choices, and the history where it is wanted.
// It is off until somebody switches it on: many of these computers belong to everybody.
const DAYS = 30, MOST = 30;

let store = null;
try {
  store = window.localStorage; // throws where the browser forbids it, in frames above all
  store.getItem("troly.keep");
} catch { store = null; }

const read = (name) => store?.getItem(`troly.${name}`) ?? "";
const write = (name, value) => {
  try {
    if (value) store?.setItem(`troly.${name}`, value);
    else store?.removeItem(`troly.${name}`);
    return store !== null;
  } catch { return false; } // full
};

export const chosen = (name) => read(name);
export const choose = (name, value) => write(name, value);
export const keeps = () => read("keep") === "1";

/** Switch the history on or off; off deletes it. Whether it could be done. */
export const keep = (yes) => {
  if (!yes) clear();
  return write("keep", yes ? "1" : "");
};

export const clear = () => write("history", "");

const save = (turns) => {
  // Where there is no room for all, the older ones go.
  for (let from = Math.max(0, turns.length - MOST); from < turns.length; from += 1) {
    if (write("history", JSON.stringify(turns.slice(from)))) return;
  }
  clear();
};

/** What is kept, oldest first: `{at, session, question, answer}`. Old and unreadable turns go. */
export const history = () => {
  if (!keeps()) return [];
  try {
    const kept = JSON.parse(read("history") || "[]");
    const last = Date.now() - DAYS * 86_400_000;
    const turns = kept.filter((turn) => turn.at > last && turn.session && Array.isArray(turn.answer.citations));
    if (turns.length !== kept.length) save(turns);
    return turns;
  } catch {
    clear();
    return [];
  }
};

export const remember = (session, question, answer) => {
  if (!keeps()) return;
  const { trace, card, buttons, ...shown } = answer;
  save([...history(), { at: Date.now(), session, question, answer: shown }]);
};

/** Drop one session, which the server has forgotten, too. */
export const forget = (session) => save(history().filter((turn) => turn.session !== session));
