// An answer as nodes: words, card, sources. Text nodes only, never HTML from strings.
import { say } from "./words.js";

export const at = (id) => document.getElementById(id);

export const make = (tag, options = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") node.textContent = value;
    else if (name === "name") node.className = value;
    else if (name === "click") node.addEventListener("click", value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

export const web = (address) => /^https?:\/\//.test(address || "");

// ---- words with [1] and addresses as links --------------------------------
export const linked = (line, answer) => {
  const parts = [];
  for (const piece of line.split(/(\[\d{1,3}\]|https?:\/\/[^\s<>“”"]*[^\s<>“”".,;:)])/)) {
    const cited = /^\[(\d+)\]$/.exec(piece);
    const citation = cited && answer.citations.find((one) => one.number === Number(cited[1]));
    if (citation) {
      const link = make("a", {
        text: piece, name: "cite", href: `#${answer.key}-${cited[1]}`,
        "aria-label": say("source", cited[1], citation.title),
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

export const paragraphs = (answer) => {
  const parts = [];
  // The list in the words is for doors without buttons; here each choice is one.
  const pressed = new Set((answer.suggestions || []).map((title, n) => `${n + 1}. ${title}`));
  for (const line of answer.text.split("\n").filter((one) => one.trim() && !pressed.has(one))) {
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

const lines = (one) => {
  if (one.slot === "dossier") return make("ul", { name: "papers" }, ...one.lines.map(paper));
  if (one.lines.length === 1) return make("p", { name: "single" }, ...line(one.lines[0]));
  const items = one.lines.map((item) => make("li", {}, ...line(item)));
  return make(one.slot === "steps" ? "ol" : "ul", {}, ...items);
};

const block = (one) => make("div", {}, make("h3", { text: one.heading }), lines(one));

const fact = (slot, heading, ...body) =>
  make("div", { name: slot }, make("dt", { text: heading }), make("dd", {}, ...body));

/** Fee, time, place, level as facts; the papers as a list to tick off; the rest on request. */
export const card = ({ card_view: view }, print) => {
  const first = view.blocks.filter((one) => one.first);
  const rest = view.blocks.filter((one) => !one.first);
  const facts = first.filter((one) => one.slot !== "dossier").map((one) => fact(one.slot, one.heading, lines(one)));
  const place = facts.findIndex((one) => one.className === "where");
  if (view.levels) facts.splice(place < 0 ? facts.length : place, 0, fact("levels", say("levels"), view.levels));
  const papers = first.filter((one) => one.slot === "dossier").map(block);
  if (papers.length) papers.push(make("button", { type: "button", name: "small print", text: say("print"), click: print }));
  return make("section", { name: "card", "aria-label": say("card", view.name) },
    make("h2", { text: view.name }),
    make("p", { text: say("code", view.code), name: "code" }),
    make("dl", { name: "facts" }, ...facts),
    ...papers,
    ...(rest.length
      ? [make("details", {}, make("summary", { text: say("more", headings(rest)) }), ...rest.map(block))]
      : []));
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

export const heading = (citation) =>
  `[${citation.number}] ${citation.path.join(", ") || citation.document_number}`;

const source = (citation, key) => {
  const open = make("a", { text: say("open_source"), href: `/nguon/${address(citation)}` });
  open.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(citation);
  });
  const about = make("p", { name: "fine" }, open);
  const item = make("li");
  if (web(citation.url)) {
    about.append(make("a", { text: say("original"), href: citation.url, rel: "noopener noreferrer" }));
    item.dataset.url = citation.url;
  }
  const scanned = citation.ocr ? ` ${say("scanned")}` : "";
  const head = make("span", {}, make("b", { text: heading(citation) }), ` ${citation.title}${scanned}`);
  item.append(make("details", { id: `${key}-${citation.number}` },
    make("summary", {}, head),
    make("blockquote", { text: citation.quote }), about));
  return item;
};

export const sources = (answer) => make("section", { name: "sources", "aria-label": say("sources") },
  make("h2", { text: say("sources") }),
  make("ol", {}, ...answer.citations.map((citation) => source(citation, answer.key))));

async function show(citation) {
  const text = at("document-text");
  at("document-title").textContent = citation.title;
  at("document-about").textContent = "";
  text.textContent = say("opening");
  at("document").showModal();
  try {
    const response = await fetch(`/api/sources/${address(citation)}`);
    const body = await response.json();
    if (!response.ok) throw new Error(body.error.message);
    const mark = make("mark", { text: body.slice.quote });
    // Offsets count code points, not the UTF-16 units of JavaScript.
    const letters = Array.from(body.text);
    text.replaceChildren(letters.slice(0, body.slice.start).join(""), mark, letters.slice(body.slice.end).join(""));
    at("document-about").textContent =
      [body.number, say("version", body.sha256.slice(0, 12))].filter(Boolean).join(" · ");
    mark.scrollIntoView({ block: "center" });
  } catch (error) {
    text.textContent = error instanceof TypeError ? say("not_opened") : error.message;
  }
}
