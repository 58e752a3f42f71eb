"use strict";
// The chat page: asks by fetch, reads the event stream, shows it as text nodes only.
const at = (id) => document.getElementById(id);
const log = at("log"), status = at("status"), box = at("message"), form = at("ask");
let session = form.elements.session.value;
let asking = null; // the AbortController of the question being answered
let answers = 0;

const make = (tag, options = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") node.textContent = value;
    else if (name === "name") node.className = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

const web = (address) => /^https?:\/\//.test(address || "");

// ---- words with [1] and addresses as links --------------------------------
const linked = (line, answer) => {
  const parts = [];
  for (const piece of line.split(/(\[\d{1,3}\]|https?:\/\/[^\s<>“”"]*[^\s<>“”".,;:)])/)) {
    const cited = /^\[(\d+)\]$/.exec(piece);
    const citation = cited && answer.citations.find((one) => one.number === Number(cited[1]));
    if (citation) {
      const link = make("a", {
        text: piece, name: "cite", href: `#${answer.key}-${cited[1]}`,
        "aria-label": `Nguồn ${cited[1]}: ${citation.title}`,
      });
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const target = at(`${answer.key}-${cited[1]}`);
        target.open = true;
        target.firstElementChild.focus({ preventScroll: true });
        target.scrollIntoView({ block: "center" });
      });
      parts.push(link);
    } else if (web(piece)) {
      parts.push(make("a", { text: piece, href: piece, rel: "noopener noreferrer" }));
    } else parts.push(piece);
  }
  return parts;
};

const paragraphs = (answer) => {
  const parts = [];
  for (const line of answer.text.split("\n").filter((one) => one.trim())) {
    if (!line.startsWith("- ")) parts.push(make("p", {}, ...linked(line, answer)));
    else {
      if (parts.at(-1)?.tagName !== "UL") parts.push(make("ul"));
      parts.at(-1).append(make("li", {}, ...linked(line.slice(2), answer)));
    }
  }
  return parts;
};

// ---- the card ---------------------------------------------------------------
const line = (item) =>
  item.label ? [make("span", { text: `${item.label}: `, name: "how" }), item.text] : [item.text];

const paper = (item) =>
  make("li", {}, make("label", {}, make("input", { type: "checkbox" }), make("span", {}, ...line(item))));

const block = (one) => {
  let body;
  if (one.slot === "dossier") body = make("ul", { name: "papers" }, ...one.lines.map(paper));
  else if (one.lines.length === 1) body = make("p", { name: "single" }, ...line(one.lines[0]));
  else {
    const items = one.lines.map((item) => make("li", {}, ...line(item)));
    body = make(one.slot === "steps" ? "ol" : "ul", {}, ...items);
  }
  return make("div", {}, make("h3", { text: one.heading }), body);
};

// What was asked for is in the words above; the card shows the rest of what people look for first.
const card = ({ card_view: view, slots }) => {
  const shown = view.blocks.filter((one) => one.first && !slots.includes(one.slot));
  const rest = view.blocks.filter((one) => !shown.includes(one));
  return make("section", { name: "card", "aria-label": `Thẻ thủ tục ${view.name}` },
    make("h2", { text: view.name }),
    make("p", { text: `Mã thủ tục ${view.code}`, name: "code" }),
    ...shown.map(block),
    make("details", {}, make("summary", { text: `Xem thêm: ${headings(rest)}` }), ...rest.map(block)));
};

const headings = (blocks) => {
  const names = blocks.slice(0, 3).map((one) => one.heading.toLowerCase());
  return names.join(", ") + (blocks.length > 3 ? "…" : "");
};

// ---- the sources ------------------------------------------------------------
const address = (citation) => {
  const span = `start=${citation.start}&end=${citation.end}&sha256=${citation.sha256}`;
  return `${encodeURIComponent(citation.document_id)}?${span}`;
};

const source = (citation, key) => {
  const open = make("a", { text: "Mở đúng đoạn trong văn bản", href: `/nguon/${address(citation)}` });
  open.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(citation);
  });
  const about = make("p", { name: "fine" }, open);
  if (web(citation.url)) {
    about.append(make("a", { text: "Trang gốc", href: citation.url, rel: "noopener noreferrer" }));
  }
  const where = citation.path.join(", ") || citation.document_number;
  const scanned = citation.ocr ? " (đọc từ ảnh quét)" : "";
  const head = make("span", {}, make("b", { text: `[${citation.number}] ${where}` }), ` ${citation.title}${scanned}`);
  return make("li", {}, make("details", { id: `${key}-${citation.number}` },
    make("summary", {}, head),
    make("blockquote", { text: citation.quote }), about));
};

const sources = (answer) => make("section", { name: "sources", "aria-label": "Nguồn" },
  make("h2", { text: "Nguồn" }),
  make("ol", {}, ...answer.citations.map((citation) => source(citation, answer.key))));

async function show(citation) {
  const text = at("document-text");
  at("document-title").textContent = citation.title;
  at("document-about").textContent = "";
  text.textContent = "Đang mở…";
  at("document").showModal();
  try {
    const response = await fetch(`/api/sources/${address(citation)}`);
    const body = await response.json();
    if (!response.ok) throw new Error(body.error.message);
    const mark = make("mark", { text: body.slice.quote });
    // Offsets count code points, not the UTF-16 units of JavaScript.
    const letters = Array.from(body.text);
    text.replaceChildren(letters.slice(0, body.slice.start).join(""), mark, letters.slice(body.slice.end).join(""));
    at("document-about").textContent = [body.number, `Bản ${body.sha256.slice(0, 12)}`].filter(Boolean).join(" · ");
    mark.scrollIntoView({ block: "center" });
  } catch (error) {
    text.textContent = error instanceof TypeError ? "Không mở được nguồn. Xin thử lại." : error.message;
  }
}

// ---- one answer ---------------------------------------------------------------
const bubble = () => {
  const key = `a${(answers += 1)}`;
  // Tokens go where nothing is announced; the finished words are announced once.
  const draft = make("p", { name: "draft", "aria-live": "off", hidden: "" });
  const text = make("div", { name: "text" });
  const facts = make("div"), cited = make("div");
  const choices = make("div", { name: "choices" });
  const article = make("article", { name: "answer", "aria-busy": "true", "aria-label": "Trả lời" }, text, draft, facts, cited, choices);
  log.append(article);

  const words = (answer) => {
    answer.key = key;
    text.replaceChildren(...paragraphs(answer));
    facts.replaceChildren(...(answer.card_view ? [card(answer)] : []));
    cited.replaceChildren(...(answer.citations.length ? [sources(answer)] : []));
  };
  const offer = (buttons) => choices.replaceChildren(...buttons.map(({ title, payload }) => {
    const button = make("button", { type: "button", text: title });
    button.addEventListener("click", () => ask(title, payload));
    return button;
  }));
  const trouble = make("p", { name: "warn", hidden: "" });
  const say = (sentence) => {
    draft.hidden = true;
    trouble.hidden = false;
    trouble.replaceChildren(...linked(sentence, { citations: [] }));
    if (!trouble.parentNode) article.append(trouble);
  };
  const handle = {
    status: (data) => { status.textContent = data.text; },
    card: words,
    token: (data) => { draft.hidden = false; draft.append(data.text); },
    sources: () => {}, // the card and the final answer carry them with their numbers
    suggestions: () => {}, // the final answer has them as buttons
    final: (data) => {
      session = data.session;
      draft.hidden = trouble.hidden = true; // the final words say it all
      words(data);
      offer(data.buttons);
    },
    error: (data) => say(data.error.message),
  };
  return { article, say, take: (name, data) => handle[name]?.(data) };
};

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const one of blocks) {
      const lines = one.split("\n");
      const name = lines.find((each) => each.startsWith("event: "));
      const data = lines.find((each) => each.startsWith("data: "));
      if (name && data) yield [name.slice(7), JSON.parse(data.slice(6))];
    }
  }
}

const busy = (yes) => {
  at("send").hidden = yes;
  at("stop").hidden = !yes;
  for (const button of document.querySelectorAll(".choices button")) button.disabled = yes;
};

async function ask(message, payload) {
  if (asking || !message.trim()) return;
  const mine = (asking = new AbortController());
  at("welcome").hidden = true;
  for (const old of log.querySelectorAll(".choices")) old.remove();
  const question = make("p", { name: "mine", text: message });
  log.append(question);
  const answer = bubble();
  busy(true);
  status.textContent = "Đang tra cứu…";
  question.scrollIntoView({ block: "nearest" });
  let ended = false, seen = false;
  try {
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ message, payload, ...(session && { session }) }),
      signal: mine.signal,
    });
    if (!response.ok) throw new Error((await response.json()).error.message);
    for await (const [name, data] of events(response)) {
      if (asking !== mine) return; // a new conversation was begun meanwhile
      answer.take(name, data);
      if (!seen && (name === "card" || name === "final")) {
        seen = true; // only now is there enough below to bring the question to the top
        question.scrollIntoView({ block: "start" });
      }
      ended ||= name === "final" || name === "error";
    }
    if (!ended) answer.say("Kết nối bị ngắt giữa chừng. Xin hỏi lại.");
  } catch (error) {
    if (error.name === "AbortError") answer.say("Đã dừng theo yêu cầu.");
    else answer.say(error instanceof TypeError ? "Không kết nối được máy chủ. Xin thử lại sau ít phút." : error.message);
  } finally {
    answer.article.removeAttribute("aria-busy");
    if (asking === mine) {
      asking = null;
      status.textContent = "";
      busy(false);
    }
  }
}

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
  const { name, value } = event.submitter;
  const cut = name === "press" ? value.indexOf("|") : -1;
  ask(value.slice(cut + 1), cut > 0 ? value.slice(0, cut) : undefined);
});
at("stop").addEventListener("click", () => asking?.abort());
at("close").addEventListener("click", () => at("document").close());
at("new").addEventListener("click", (event) => {
  event.preventDefault();
  asking?.abort();
  asking = null;
  session = "";
  log.replaceChildren();
  status.textContent = "";
  at("welcome").hidden = false;
  busy(false);
  box.focus();
});
box.focus({ preventScroll: true });
