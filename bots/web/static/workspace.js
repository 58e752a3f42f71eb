// The officers' workspace: one conversation over the law and the officer's own documents.
import { answered, Lost, name, Refusal, send } from "./asking.js";
import { at, card, make, paragraphs, sources } from "./shown.js";
import { failure, onChange, picked, start, tell } from "./workspace-files.js";
import { comparison, corpus, faults, figures, open, quotes } from "./workspace-tools.js";

const log = at("log"), status = at("status"), box = at("message"), form = at("ask");
const filters = at("filters"), where = at("where");
let session = "", busy = null, answers = 0, before = "";

// ---- results below each other ------------------------------------------------------
const bubble = (heading) => {
  const key = `a${(answers += 1)}`;
  const body = make("div", { name: "text" });
  const article = make("article", { name: "answer", "aria-busy": "true" }, make("h2", { id: key, text: heading }), body);
  article.setAttribute("aria-labelledby", key);
  log.append(article);
  return {
    key, article, show: (...nodes) => body.replaceChildren(...nodes),
    done: () => article.removeAttribute("aria-busy"),
  };
};

const trouble = (one, error) => {
  const parts = [make("p", { name: "warn", text: failure(error) })];
  if (error instanceof Refusal && error.code === "sign_in_first") {
    parts.push(make("p", {}, make("a", { href: "/sign-in?next=/can-bo", text: "Đăng nhập lại" })));
  }
  one.show(...parts);
};

const law = async (message, payload, signal) => {
  const one = bubble("Từ văn bản pháp luật");
  session ||= name() + name();
  const body = { message, payload, session, message_id: name(), ...asked() };
  const draft = make("p", { name: "draft", "aria-live": "off" });
  const words = (answer) => {
    answer.key = one.key;
    const view = answer.card_view ? [card(answer, () => window.print())] : [];
    const choices = make("div", { name: "choices" }, ...(answer.buttons ?? []).map(({ title, payload: sent }) =>
      make("button", { type: "button", text: title, click: () => ask(title, "law", sent) })));
    const cited = answer.citations.length ? [sources(answer)] : [];
    cited[0]?.setAttribute("aria-label", `Nguồn của trả lời ${answers}`); // several may stand here
    view[0]?.setAttribute("aria-label", `Thủ tục của trả lời ${answers}`);
    one.show(...paragraphs(answer), ...view, ...cited, choices);
  };
  try {
    for await (const [kind, data] of answered(body, signal, (text) => { status.textContent = text; })) {
      if (kind === "status") status.textContent = data.text;
      else if (kind === "card" || kind === "final") words(data);
      else if (kind === "token") {
        if (!draft.parentNode) one.article.append(draft);
        draft.append(data.text);
      } else if (kind === "error") one.show(make("p", { name: "warn", text: data.error.message }));
      if (kind === "final") {
        draft.remove();
        session = data.session;
      }
    }
  } catch (error) {
    draft.remove();
    if (error instanceof Lost || error instanceof Refusal || signal.aborted) trouble(one, error);
    else throw error;
  } finally { one.done(); }
};

const post = async (address, body, signal) => (await send("POST", address, body, signal)).json();

const mine = async (message, signal) => {
  const one = bubble("Từ tài liệu đã chọn");
  try {
    const answer = await post("/api/uploads/ask", { question: message, uploads: ids(), before }, signal);
    answer.key = one.key;
    one.show(...paragraphs(answer), ...(answer.citations.length ? [quotes(answer)] : []));
    if (answer.citations.length) before = message;
  } catch (error) { trouble(one, error); } finally { one.done(); }
};

const worked = (heading, address, body, shown) => work(async (signal) => {
  const one = bubble(heading);
  one.article.scrollIntoView({ block: "nearest" });
  try { one.show(...shown(await post(address, body, signal))); } catch (error) { trouble(one, error); } finally { one.done(); }
  one.article.scrollIntoView({ block: "start" });
});

const ids = () => picked().map((one) => one.id);

// ---- what is going on ----------------------------------------------------------------
const work = async (act) => {
  if (busy) return;
  const own = (busy = new AbortController());
  at("welcome").hidden = true;
  for (const old of log.querySelectorAll(".choices")) old.remove();
  at("send").hidden = true;
  at("stop").hidden = false;
  status.textContent = "Đang tra cứu…";
  try { await act(own.signal); } finally {
    busy = null;
    status.textContent = "";
    if (document.activeElement === at("stop")) box.focus({ preventScroll: true });
    at("send").hidden = false;
    at("stop").hidden = true;
  }
};

const ask = (message, to, payload) => work(async (signal) => {
  const question = make("p", { name: "mine" }, make("span", { name: "unseen", text: "Anh/chị hỏi: " }), message);
  log.append(question);
  question.scrollIntoView({ block: "nearest" });
  if (to === "figures") {
    const one = bubble("Số liệu trong tài liệu đã chọn");
    try { one.show(...figures(await post("/api/uploads/figures", { question: message, uploads: ids() }, signal))); }
    catch (error) { trouble(one, error); } finally { one.done(); }
  }
  if (to === "mine" || to === "both") await mine(message, signal);
  if (to === "law" || to === "both") await law(message, payload, signal);
  question.scrollIntoView({ block: "start" });
});

// ---- filters ----------------------------------------------------------------------------
const asked = () => {
  const value = (field) => form.elements[field].value.trim();
  const within = {};
  for (const field of ["authorities", "fields", "document_types"]) {
    const names = value(field).split(/[,;]/).map((each) => each.trim()).filter(Boolean);
    if (names.length) within[field] = names;
  }
  const [first, last] = [value("first"), value("last")];
  if (first || last) {
    const years = [Number(first || 1945), Number(last || new Date().getFullYear())];
    within.years = years.sort((one, other) => one - other);
  }
  const body = Object.keys(within).length ? { within } : {};
  return value("as_of") ? { ...body, as_of: value("as_of") } : body;
};
/** The year that is none, if there is one; it is said and shown. */
const wrong = () => {
  const found = ["first", "last"].map((field) => form.elements[field])
    .find((input) => input.value.trim() && !/^[0-9]{4}$/.test(input.value.trim()));
  for (const field of ["first", "last"]) form.elements[field].setAttribute("aria-invalid", form.elements[field] === found);
  if (!found) return false;
  filters.open = true;
  status.textContent = "Năm ban hành gồm bốn chữ số, ví dụ 2024. Xin sửa lại ở phần lọc.";
  found.focus();
  return true;
};
filters.addEventListener("input", () => {
  const { within = {}, as_of } = asked();
  const count = Object.keys(within).length + (as_of ? 1 : 0);
  at("filtered").textContent = count ? ` (${count} điều kiện)` : "";
});
at("unfilter").addEventListener("click", (event) => {
  event.preventDefault();
  for (const input of filters.querySelectorAll("input")) input.value = "";
  at("filtered").textContent = "";
});

// ---- the page -----------------------------------------------------------------------------
onChange(() => {
  const count = picked().length;
  where.hidden = count === 0;
  if (count === 0) form.elements.where.value = "law";
  else if (where.dataset.seen !== "yes") form.elements.where.value = "mine";
  where.dataset.seen = count ? "yes" : "";
  at("compare-two").hidden = count !== 2;
  at("compare-one").hidden = count !== 1;
  at("compare-about").hidden = count === 1 || count === 2;
});
start({
  open: (one) => open(one.id, one.name),
  check: (one) => worked(`Thể thức của ${one.name}`, `/api/uploads/${one.id}/check`, {}, faults),
}).catch((error) => tell(failure(error)));

const conflicts = (heading, body, shown = comparison) =>
  worked(heading, "/api/uploads/conflicts", { as_of: form.elements.as_of.value || null, ...body }, shown);
at("compare-two").addEventListener("click", () => {
  const [a, b] = picked();
  conflicts(`${a.name} và ${b.name}`, { a: a.id, b: b.id });
});
at("compare-one").addEventListener("submit", (event) => {
  event.preventDefault();
  const [a] = picked(), number = at("number").value.trim();
  conflicts(`${a.name} và ${number}`, { a: a.id, document: number });
});
at("compare-all").addEventListener("click", () => {
  const [a] = picked();
  conflicts(`${a.name} và các văn bản đang có hiệu lực`, { a: a.id, corpus: true }, corpus);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = box.value.trim();
  const to = form.elements.where.value;
  if (busy || !message || ((to === "law" || to === "both") && wrong())) return;
  box.value = "";
  ask(message, to);
  box.focus({ preventScroll: true });
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
at("examples").addEventListener("click", (event) => {
  if (event.target.value) ask(event.target.value, "law");
});
at("stop").addEventListener("click", () => busy?.abort());
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog").close();
});
box.focus({ preventScroll: true });
