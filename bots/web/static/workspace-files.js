// The officer's own documents: sent with progress, listed with their time, deleted.
import { Refusal, send } from "./asking.js";
import { at, make } from "./shown.js";

const OFTEN = 60_000; // milliseconds between two looks at what has expired
const list = at("files"), told = at("file-status"), drop = at("drop"), picker = at("file");
const largest = Number(document.body.dataset.largest);
let known = [], chosen = new Set(), changed = () => {};

/** The chosen documents, in the order of the list. */
export const picked = () => known.filter((one) => chosen.has(one.id));
export const onChange = (act) => { changed = act; };
export const tell = (words) => { told.textContent = words; };

/** What went wrong as words; a session that is over leads to the sign-in page. */
export const failure = (error) => {
  if (error instanceof Refusal) return error.message;
  if (error?.name === "AbortError") return "Đã dừng theo yêu cầu.";
  return "Không kết nối được máy chủ. Xin kiểm tra mạng rồi thử lại.";
};

const two = (number) => String(number).padStart(2, "0");
const moment = (iso) => {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())} ngày ${at.getDate()}/${at.getMonth() + 1}`;
};

const about = (one) => [
  one.number, one.pages ? `${one.pages} trang` : "", one.articles ? `${one.articles} điều` : "",
  one.tables ? `${one.tables} bảng` : "", `tự xóa lúc ${moment(one.expires)}`,
].filter(Boolean).join(" · ");

const item = (one, tools) => {
  const box = make("input", { type: "checkbox" });
  box.checked = chosen.has(one.id);
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(one.id);
    else chosen.delete(one.id);
    changed();
  });
  const button = (text, click) => make("button", { type: "button", name: "small", text, click, "aria-label": `${text} ${one.name}` });
  return make("li", {},
    make("label", {}, box, make("span", { text: one.name })),
    make("p", { name: "fine", text: about(one) }),
    ...one.remarks.map((text) => make("p", { name: "warn", text })),
    make("div", { name: "row" },
      button("Xem", () => tools.open(one)),
      ...(one.name.toLowerCase().endsWith(".docx") ? [button("Kiểm tra thể thức", () => tools.check(one))] : []),
      button("Xóa", () => away(one))));
};

let tools = {};
const paint = () => {
  const ids = new Set(known.map((one) => one.id));
  chosen = new Set([...chosen].filter((id) => ids.has(id)));
  list.replaceChildren(...known.map((one) => item(one, tools)));
  at("with-files").hidden = known.length === 0;
  at("count").textContent = known.length ? ` (${known.length})` : "";
  changed();
};

/** Look what is there; what has expired meanwhile is no longer listed. */
export const refresh = async () => {
  try {
    const { uploads } = await (await fetch("/api/uploads")).json();
    if (!uploads) return;
    const same = uploads.map((one) => one.id).join() === known.map((one) => one.id).join();
    known = uploads;
    if (!same) paint();
  } catch { /* the next look may find more */ }
};

const away = async (one) => {
  try {
    await send("DELETE", `/api/uploads/${one.id}`, {});
    known = known.filter((other) => other.id !== one.id);
    paint();
    tell(`Đã xóa ${one.name}.`);
    (list.querySelector("input") ?? picker).focus();
  } catch (error) { tell(failure(error)); }
};

const clear = async () => {
  try {
    const { deleted } = await (await send("DELETE", "/api/uploads", {})).json();
    known = [];
    paint();
    tell(`Đã xóa ${deleted} tài liệu.`);
    picker.focus();
  } catch (error) { tell(failure(error)); }
};

const sent = (file, bar, line) => new Promise((go) => {
  const request = new XMLHttpRequest();
  request.open("POST", "/api/uploads");
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = loaded / total; });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    line.textContent = `Đang đọc ${file.name}…`;
  });
  request.addEventListener("load", () => {
    let body = {};
    try { body = JSON.parse(request.responseText); } catch { /* a proxy's page */ }
    go(request.status < 300 ? body : { problem: body.error?.message ?? `Máy chủ báo lỗi ${request.status}.` });
  });
  request.addEventListener("error", () => go({ problem: "Mất kết nối khi đang gửi. Xin thử lại." }));
  request.send(file);
});

const take = async (files) => {
  const problems = [];
  let done = 0;
  for (const file of files) {
    if (file.size > largest * 1e6) {
      problems.push(`${file.name}: lớn hơn ${largest} MB, hãy tách nhỏ.`);
      continue;
    }
    const bar = make("progress", { max: "1", "aria-label": `Đang gửi ${file.name}` });
    const line = make("span", { text: `Đang gửi ${file.name}…` });
    const row = make("li", {}, line, bar);
    list.append(row);
    const body = await sent(file, bar, line);
    row.remove();
    if (body.problem) {
      problems.push(`${file.name}: ${body.problem}`);
      continue;
    }
    if (body.already) problems.push(`${file.name}: đã có trong danh sách.`);
    else done += 1;
    known = [...known.filter((one) => one.id !== body.upload.id), body.upload];
    chosen.add(body.upload.id);
    paint();
  }
  tell([done ? `Đã nhận ${done} tệp.` : "", ...problems].filter(Boolean).join(" "));
};

/** Begin: `tools` are what the buttons of a document do. */
export const start = (given) => {
  tools = given;
  drop.addEventListener("submit", (event) => event.preventDefault());
  picker.addEventListener("change", async () => {
    const files = [...picker.files];
    picker.value = "";
    await take(files);
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  at("delete-all").addEventListener("click", clear);
  setInterval(() => { if (!document.hidden) refresh(); }, OFTEN);
  // On a telephone the list would stand before the conversation.
  return refresh().then(() => {
    at("panel").open = known.length === 0 || !window.matchMedia("(max-width: 60rem)").matches;
  });
};
