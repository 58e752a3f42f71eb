// What is made of documents, as nodes: quotes, contradictions, figures, faults of layout.
import { at, make } from "./shown.js";

/** The text of an uploaded document in the dialog, from `start` to `end` marked. */
export const open = async (id, title, start = 0, end = 0) => {
  const text = at("document-text");
  at("document-title").textContent = title;
  at("document-about").textContent = "";
  text.textContent = "Đang mở…";
  at("document").showModal();
  try {
    const response = await fetch(`/api/uploads/${id}?start=${start}&end=${end}`);
    const body = await response.json();
    if (!response.ok) throw new Error(body.error.message);
    const letters = Array.from(body.text); // offsets count code points
    const mark = make("mark", { text: body.slice.quote });
    text.replaceChildren(letters.slice(0, start).join(""), mark, letters.slice(end).join(""));
    at("document-about").textContent = [body.number, `bản đọc ${body.sha256.slice(0, 12)}`].filter(Boolean).join(" · ");
    if (end > start) mark.scrollIntoView({ block: "center" });
    else text.scrollTop = 0;
  } catch (error) {
    text.textContent = error instanceof TypeError ? "Không mở được tài liệu. Xin thử lại." : error.message;
  }
};

/** The sources of an answer over uploads: each quote, and where it stands in the document. */
export const quotes = (answer) => make("div", { name: "sources" },
  make("h3", { text: "Nguồn" }),
  make("ol", {}, ...answer.citations.map((one) => make("li", {},
    make("details", { id: `${answer.key}-${one.number}` },
      make("summary", {}, make("span", {},
        make("b", { text: `[${one.number}] ${one.path.join(", ") || one.document_number}` }), ` ${one.title}${one.ocr ? " (đọc từ ảnh quét)" : ""}`)),
      make("blockquote", { text: one.quote }),
      make("p", { name: "fine" }, make("button", { type: "button", name: "small", text: "Xem trong tài liệu",
        click: () => open(one.document_id.slice(7), one.title, one.start, one.end) })))))));

const marked = (name, side) => {
  const letters = Array.from(side.quote);
  const [first, last] = side.mark.map((at) => Math.max(0, at - side.start));
  const whole = first === 0 && last >= letters.length;
  const words = whole ? [side.quote]
    : [letters.slice(0, first).join(""), make("mark", { text: letters.slice(first, last).join("") }), letters.slice(last).join("")];
  const where = [...side.path].reverse().join(", ") || `ký tự ${side.start}`;
  return make("figure", {}, make("figcaption", { text: `${name}: ${where}` }), make("blockquote", {}, ...words));
};

const finding = (one) => make("li", {},
  make("h3", { text: one.kind_name[0].toUpperCase() + one.kind_name.slice(1) }),
  make("p", { name: "fine", text: one.cause ? `Có lý do: ${one.cause}` : `${one.status} (độ tin ${one.confidence.toFixed(2).replace(".", ",")})` }),
  make("div", { name: "pair" }, marked("A", one.a), marked("B", one.b)),
  ...(one.note ? [make("p", { text: one.note })] : []));

const named = (one) => [...new Set([one.number, one.title || one.source].filter(Boolean))].join(" · ");

/** One comparison. */
export const comparison = (made) => {
  const count = made.findings.length, explained = made.explained.length;
  return [
    make("p", {}, make("b", { text: count ? `${count} chỗ nói khác nhau, cần cán bộ xác nhận` : "Không thấy chỗ nào hai văn bản nói khác nhau" })),
    make("p", { text: `A: ${named(made.a)} (${made.a.rank_name})` }), make("p", { text: `B: ${named(made.b)} (${made.b.rank_name})` }),
    ...made.remarks.map((text) => make("p", { name: "warn", text })),
    ...(count ? [make("ol", { name: "findings" }, ...made.findings.map(finding))] : []),
    ...(explained ? [make("details", {}, make("summary", { text: `${explained} chỗ khác nhau có lý do` }),
      make("ol", { name: "findings" }, ...made.explained.map(finding)))] : []),
    make("p", { name: "fine", text: made.notice }),
  ];
};

/** Everything that was compared with the corpus. */
export const corpus = (made) => {
  const alarms = made.comparisons.reduce((sum, one) => sum + one.findings.length, 0);
  return [make("p", {}, make("b", { text: `Đã so với ${made.compared} văn bản đang có hiệu lực: ${alarms} chỗ cần cán bộ xác nhận.` })),
    ...made.comparisons.flatMap(comparison)];
};

/** An answer about figures: its lines, and what could not be read. */
export const figures = (made) => [
  ...made.lines.filter(Boolean).map((text) => make("p", { text })),
  ...made.notes.map((text) => make("p", { name: "fine", text: `Lưu ý, ${text}` })),
];

/** Faults of a paper's layout, as a table. */
export const faults = (made) => {
  if (!made.faults.length) return [make("p", { text: "Không thấy lỗi thể thức nào. Máy không kiểm tra nội dung." })];
  const row = (kind, cells) => make("tr", {}, ...cells.map((text) => make(kind, kind === "th" ? { text, scope: "col" } : { text })));
  return [make("p", {}, make("b", { text: `${made.errors} lỗi, ${made.notes} điều cần xem lại` })),
    make("div", { name: "scroll", tabindex: "0", role: "region", "aria-label": "Bảng lỗi thể thức" }, make("table", { name: "told" },
      make("thead", {}, row("th", ["Mức", "Chỗ", "Chữ", "Lỗi", "Cách sửa"])),
      make("tbody", {}, ...made.faults.map((one) =>
        row("td", [one.level === "error" ? "Lỗi" : "Nhắc", one.place, one.words, one.says, one.fix])))))];
};
