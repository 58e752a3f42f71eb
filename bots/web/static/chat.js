// The chat page: what is asked, what is kept, what is set. The rest is in the modules beside it.
import { answered, Lost, name, Refusal, send } from "./asking.js";
import { below, print } from "./below.js";
import { choose, chosen, clear, forget, history, keep, keeps, remember } from "./device.js";
import { at, card, linked, make, paragraphs, sources } from "./shown.js";
import { language, say, speak } from "./words.js";

const log = at("log"), status = at("status"), box = at("message"), form = at("ask");
const embedded = document.body.classList.contains("embedded");
let session = form.elements.session.value;
let asking = null; // the AbortController of the question being answered
let answers = 0;

// ---- one answer ---------------------------------------------------------------
const bubble = () => {
  const key = `a${(answers += 1)}`;
  // Tokens go where nothing is announced; the finished words are announced once.
  const draft = make("p", { name: "draft", "aria-live": "off", hidden: "" });
  const text = make("div", { name: "text" });
  const facts = make("div"), cited = make("div");
  const choices = make("div", { name: "choices" });
  const under = make("div", { name: "below", "aria-live": "off", lang: language() });
  const article = make("article", { name: "answer", "aria-busy": "true", "aria-label": say("answer") },
    text, draft, facts, cited, under, choices);
  log.append(article);

  const words = (answer) => {
    answer.key = key;
    text.replaceChildren(...paragraphs(answer));
    facts.replaceChildren(...(answer.card_view ? [card(answer, () => print(article))] : []));
    cited.replaceChildren(...(answer.citations.length ? [sources(answer)] : []));
  };
  const offer = (buttons) => choices.replaceChildren(...buttons.map(({ title, payload }) =>
    make("button", { type: "button", text: title, click: () => ask(title, payload) })));
  const trouble = make("p", { name: "warn", hidden: "" });
  const tell = (sentence, ...more) => {
    draft.hidden = true;
    trouble.hidden = false;
    trouble.replaceChildren(...linked(sentence, { citations: [] }), ...more);
    if (!trouble.parentNode) under.before(trouble);
  };
  const handle = {
    status: (data) => { status.textContent = data.text; },
    restart: () => {
      draft.replaceChildren();
      draft.hidden = trouble.hidden = true;
    },
    card: words,
    token: (data) => { draft.hidden = false; draft.append(data.text); },
    sources: () => {}, // the card and the final answer carry them with their numbers
    suggestions: () => {}, // the final answer has them as buttons
    final: (data) => {
      draft.hidden = trouble.hidden = true; // the final words say it all
      words(data);
      offer(data.buttons ?? []);
      under.replaceChildren(...below(data, data.session));
    },
    error: (data) => tell(data.error.message),
  };
  return { article, tell, take: (kind, data) => handle[kind]?.(data) };
};

const spoken = (message) => make("p", { name: "mine" },
  make("span", { name: "unseen", text: `${say("mine")} ` }), message);

const busy = (yes) => {
  const left = document.activeElement === (yes ? at("send") : at("stop"));
  at("send").hidden = yes;
  at("stop").hidden = !yes;
  if (left) (yes ? at("stop") : box).focus({ preventScroll: true });
  for (const button of document.querySelectorAll(".answer > .choices button")) button.disabled = yes;
};

async function ask(message, payload, again = name()) {
  if (asking || !message.trim()) return;
  const mine = (asking = new AbortController());
  at("welcome").hidden = true;
  for (const old of log.querySelectorAll(".answer > .choices")) old.remove();
  const question = spoken(message);
  log.append(question);
  const answer = bubble();
  busy(true);
  status.textContent = say("looking");
  question.scrollIntoView({ block: "nearest" });
  // Named here, so that an attempt whose connection breaks is known again.
  session ||= name() + name();
  const body = { message, payload, message_id: again, session, profile: form.elements.profile.value };
  let seen = false;
  try {
    for await (const [kind, data] of answered(body, mine.signal, (words) => { status.textContent = words; })) {
      if (asking !== mine) return; // a new conversation was begun meanwhile
      answer.take(kind, data);
      if (kind === "final") {
        session = data.session;
        remember(session, message, data);
        news();
      }
      if (!seen && (kind === "card" || kind === "final")) {
        seen = true; // only now is there enough below to bring the question to the top
        question.scrollIntoView({ block: "start" });
      }
    }
  } catch (error) {
    if (error instanceof Refusal) answer.tell(error.message);
    else if (mine.signal.aborted) answer.tell(say("stopped"));
    else {
      if (!(error instanceof Lost)) console.error(error);
      answer.tell(say("lost"), " ", make("button", { type: "button", name: "small", text: say("again"), click: () => {
        if (asking) return;
        question.remove();
        answer.article.remove();
        ask(message, payload, again);
      } }));
    }
  } finally {
    answer.article.removeAttribute("aria-busy");
    if (asking === mine) {
      asking = null;
      status.textContent = "";
      busy(false);
    }
  }
}

// ---- what officers answer -------------------------------------------------------
const OFTEN = 20_000, SELDOM = 60_000, PATIENCE = 10;
let timer = 0, looks = 0, waits = false, shown = new Set();

async function news(fresh = true) {
  clearTimeout(timer);
  if (!session) return;
  if (fresh) looks = 0;
  const of = session;
  try {
    const response = await send("POST", "/api/news", { session, seen: [...shown].slice(-50) });
    const { answers: said, waiting } = await response.json();
    if (of !== session) return;
    const latest = said.filter((one) => !shown.has(one.id));
    for (const one of latest) {
      const words = one.text.split("\n").filter(Boolean).map((each) => make("p", {}, ...linked(each, { citations: [] })));
      log.append(make("article", { name: "answer officer", "aria-label": say("officer") },
        make("h2", { text: say("officer") }), ...words));
      shown.add(one.id);
    }
    if (latest.length) {
      log.lastElementChild.scrollIntoView({ block: "nearest" });
      return void news(); // says at once that it has arrived
    }
    if (waiting && !waits && !asking) status.textContent = say("waiting");
    waits = waiting;
  } catch { /* the next look may find more */ }
  looks += 1;
  if (waits && !document.hidden) timer = setTimeout(news, looks > PATIENCE ? SELDOM : OFTEN, false);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden && waits) news(); });

// ---- the page -----------------------------------------------------------------
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (asking) return;
  const message = box.value;
  box.value = "";
  ask(message);
  box.focus();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("submit", (event) => {
  // Buttons that a page rendered without JavaScript offers: examples and suggestions.
  if (event.target === form || !event.submitter?.value) return;
  event.preventDefault();
  const { name: field, value } = event.submitter;
  const cut = field === "press" ? value.indexOf("|") : -1;
  ask(value.slice(cut + 1), cut > 0 ? value.slice(0, cut) : undefined);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const leaves = link && !event.defaultPrevented && !link.getAttribute("href").startsWith("#");
  if (embedded && leaves && link.id !== "new" && link.protocol !== "tel:") link.target = "_blank";
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog").close();
});
at("stop").addEventListener("click", () => asking?.abort());

const anew = () => {
  asking?.abort();
  asking = null;
  session = "";
  waits = false;
  shown = new Set();
  clearTimeout(timer);
  log.replaceChildren();
  status.textContent = "";
  at("welcome").hidden = false;
  busy(false);
  recall();
};
at("new").addEventListener("click", (event) => {
  event.preventDefault();
  anew();
  box.focus();
});

// ---- the history on this device -------------------------------------------------
/** Milliseconds after which a page that is opened again begins with a question, not an answer. */
const RECENT = 1_800_000;

const retell = ({ question, answer }) => {
  at("welcome").hidden = true;
  const words = spoken(question);
  log.append(words);
  const one = bubble();
  one.take("final", answer);
  one.article.removeAttribute("aria-busy");
  words.scrollIntoView({ block: "start" });
};

function recall() {
  const turns = history().reverse();
  at("earlier").hidden = turns.length === 0;
  at("earlier-list").replaceChildren(...turns.map((turn) => {
    const day = new Date(turn.at).toLocaleDateString(language() === "en" ? "en-GB" : "vi-VN");
    return make("li", {}, make("button", { type: "button", click: () => {
      session = turn.session;
      retell(turn);
      box.focus({ preventScroll: true });
    } }, turn.question, " ", make("span", { name: "fine", text: day })));
  }));
}

// ---- settings -------------------------------------------------------------------
const settings = at("settings"), set = at("settings-status");
const paint = () => {
  const theme = chosen("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};
at("open-settings").hidden = false;
at("open-settings").addEventListener("click", () => {
  set.textContent = "";
  at("sure").hidden = true;
  at("keep").checked = keeps();
  for (const [field, value] of [["lang", language()], ["theme", chosen("theme")]]) {
    settings.querySelector(`[name=${field}][value="${value}"]`).checked = true;
  }
  settings.showModal();
});
settings.addEventListener("change", ({ target }) => {
  if (target.name === "lang") {
    choose("lang", target.value);
    speak(target.value);
  } else if (target.name === "theme") {
    choose("theme", target.value);
    paint();
  } else if (target.id === "keep") {
    const done = keep(target.checked);
    if (!done) target.checked = false;
    recall();
    set.textContent = say(!done ? "not_kept" : target.checked ? "kept" : "cleared");
  }
});
at("clear").addEventListener("click", () => {
  clear();
  anew();
  set.textContent = say("cleared");
});
at("erase").addEventListener("click", () => {
  set.textContent = session ? "" : say("nothing");
  at("sure").hidden = !session;
  if (session) at("erase-no").focus();
});
const unsure = () => {
  at("sure").hidden = true;
  at("erase").focus();
};
at("erase-no").addEventListener("click", unsure);
at("erase-yes").addEventListener("click", async () => {
  unsure();
  set.textContent = say("erasing");
  asking?.abort();
  try {
    const response = await send("DELETE", "/api/session", { session });
    const { text } = await response.json();
    forget(session);
    anew();
    set.textContent = text;
  } catch (error) {
    set.textContent = error instanceof Refusal ? error.message : say("not_erased");
  }
});

// ---- in a frame: the page around it is told of Esc, and tells when it is opened -------------
if (embedded && window.parent !== window) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      window.parent.postMessage({ troly: "close" }, "*"); // says nothing but that
    }
  });
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.troly === "open") box.focus({ preventScroll: true });
  });
}

paint();
const asked = chosen("lang") || document.body.dataset.lang;
if (asked === "en") speak("en");
recall();
const earlier = history(), latest = earlier.at(-1);
if (latest && Date.now() - latest.at < RECENT && !log.children.length) {
  session = latest.session; // a phone closes pages that are not looked at
  for (const turn of earlier.filter((one) => one.session === session)) retell(turn);
  status.textContent = say("restored");
  news();
}
if (!embedded) box.focus({ preventScroll: true });
