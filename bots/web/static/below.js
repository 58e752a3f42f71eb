// Below an answer: what one thinks of it, a copy of it, its papers on paper.
import { Refusal, send } from "./asking.js";
import { at, heading, make, web } from "./shown.js";
import { say } from "./words.js";

const REASONS = ["wrong", "outdated", "unclear", "no_source"];
/** Statuses of answers that say something about a procedure or a law, or fail to. */
const JUDGED = new Set([
  "answered", "answered_partly", "no_source", "out_of_scope", "sources_conflict", "source_expired",
  "refused_unsafe", "refused_outcome",
]);

const asText = (answer) => {
  const cited = answer.citations.map((one) =>
    [`${heading(one)} · ${one.title}`, ...(web(one.url) ? [`    ${one.url}`] : [])].join("\n"));
  return [answer.text, ...(cited.length ? ["", `${say("sources")}:`, ...cited] : [])].join("\n");
};

// Drawn, because not every device has a letter for it.
const SVG = "http://www.w3.org/2000/svg";
const THUMB = "M7 10v10H4V10zm0 0 4-7c1.5 0 2.5 1 2.5 2.5V9h5c1.3 0 2.3 1.2 2 2.5l-1.5 6.5c-.2 1.2-1.2 2-2.4 2H7";
const thumb = (turned) => {
  const icon = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
  const attributes = { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", class: turned };
  for (const [name, value] of Object.entries(attributes)) icon.setAttribute(name, value);
  const drawn = { d: THUMB, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries(drawn)) line.setAttribute(name, value);
  icon.append(line);
  return icon;
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // no permission, or a page without TLS
    const box = make("textarea", { name: "unseen", readonly: "" });
    box.value = text;
    const before = document.activeElement;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    before?.focus();
    return done;
  }
};

/** The browser's print of one answer's card, ticks included. */
export const print = (article) => {
  const page = document.body.classList;
  const day = new Date().toLocaleDateString("vi-VN");
  at("printed").textContent = say("printed", document.querySelector("h1").textContent, day,
    document.querySelector(".person").textContent.trim());
  page.add("printing");
  article.classList.add("print-this");
  const over = () => {
    page.remove("printing");
    article.classList.remove("print-this");
  };
  window.addEventListener("afterprint", over, { once: true });
  window.print();
};

/** The row of buttons; nothing where there is nothing to judge. */
export const below = (answer, session) => {
  if (!JUDGED.has(answer.status)) return [];
  const told = make("p", { name: "fine", role: "status" });
  const judge = async (good, more = {}) => {
    try {
      const response = await send("POST", "/api/feedback",
        { answer_id: answer.id, session, good, topic: answer.card_view?.code ?? "", ...more });
      told.textContent = (await response.json()).text;
      return true;
    } catch (error) {
      told.textContent = error instanceof Refusal ? error.message : say("not_sent");
      return false;
    }
  };

  const boxes = REASONS.map((reason) => make("input", { type: "checkbox", value: reason }));
  const words = make("textarea", { rows: "2", maxlength: "1000" });
  const why = make("form", { name: "why", hidden: "" },
    make("fieldset", {}, make("legend", { text: say("why") }),
      ...boxes.map((box, n) => make("label", {}, box, make("span", { text: say(REASONS[n]) })))),
    make("label", { name: "own" }, make("span", { text: say("words") }), words),
    make("div", { name: "row" },
      make("button", { text: say("send_why") }),
      make("button", { type: "button", text: say("skip_why"), click: () => fold() })));
  const opinion = (turned, key, act) => make("button",
    { type: "button", name: "small", "aria-pressed": "false", click: act }, thumb(turned), say(key));
  const press = (one, other) => {
    one.setAttribute("aria-pressed", "true");
    other.setAttribute("aria-pressed", "false");
  };
  const fold = () => {
    why.hidden = true;
    bad.setAttribute("aria-expanded", "false");
    bad.focus();
  };
  const good = opinion("up", "good", async () => {
    if (!why.hidden) fold();
    if (await judge(true)) press(good, bad);
    good.focus();
  });
  const bad = opinion("down", "bad", async () => {
    why.hidden = false;
    bad.setAttribute("aria-expanded", "true");
    boxes[0].focus();
    // Kept at once: not everybody who is unhappy fills in forms.
    if (await judge(false)) press(bad, good);
  });
  bad.setAttribute("aria-expanded", "false");
  why.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reasons = boxes.filter((box) => box.checked).map((box) => box.value);
    if (await judge(false, { reasons, comment: words.value.trim() })) {
      press(bad, good);
      fold();
    }
  });
  const copying = make("button", { type: "button", name: "small", text: say("copy"), click: async () => {
    told.textContent = say((await copy(asText(answer))) ? "copied" : "not_copied");
  } });
  return [make("div", { name: "row", role: "group", "aria-label": say("about") }, good, bad, copying), why, told];
};
