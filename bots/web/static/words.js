// What the page says, in two languages. What the server says stays as it came.
const VI = {
  looking: "Đang tra cứu…",
  slow: "Máy chủ trả lời chậm hơn thường lệ, vẫn đang chờ…",
  retrying: "Mất kết nối, đang thử lại…",
  offline: "Máy không có mạng. Khi có mạng lại, câu hỏi được gửi tiếp…",
  lost: "Không kết nối được máy chủ. Xin kiểm tra mạng rồi bấm “Thử lại”; nếu vẫn không được, hãy gọi số ở cuối trang.",
  again: "Thử lại",
  stopped: "Đã dừng theo yêu cầu.",
  answer: "Trả lời",
  mine: "Anh/chị hỏi:",
  sources: "Nguồn",
  source: "Nguồn {0}: {1}",
  scanned: "(đọc từ ảnh quét)",
  open_source: "Mở đúng đoạn trong văn bản",
  original: "Trang gốc",
  opening: "Đang mở…",
  not_opened: "Không mở được nguồn. Xin thử lại.",
  version: "Bản {0}",
  card: "Thẻ thủ tục {0}",
  code: "Mã thủ tục {0}",
  levels: "Cấp thực hiện",
  more: "Xem thêm: {0}",
  print: "In hoặc lưu PDF danh sách giấy tờ",
  printed: "{0} · in ngày {1}. Hãy kiểm tra lại theo nguồn trước khi nộp. {2}",
  about: "Về câu trả lời này",
  good: "Hữu ích",
  bad: "Chưa đúng",
  copy: "Sao chép",
  copied: "Đã sao chép câu trả lời kèm nguồn.",
  not_copied: "Trình duyệt không cho sao chép. Hãy bôi đen rồi sao chép bằng tay.",
  why: "Chưa đúng ở đâu?",
  wrong: "Sai",
  outdated: "Cũ, đã thay đổi",
  unclear: "Khó hiểu",
  no_source: "Thiếu nguồn",
  words: "Nói thêm (không bắt buộc). Đừng ghi tên, số giấy tờ.",
  send_why: "Gửi góp ý",
  skip_why: "Bỏ qua",
  not_sent: "Chưa gửi được góp ý. Xin thử lại.",
  officer: "Cán bộ trả lời",
  waiting: "Phiếu đã gửi cán bộ. Khi có trả lời, trang này tự hiện ra; anh/chị vẫn hỏi tiếp được.",
  cleared: "Đã xóa lịch sử trên máy này.",
  nothing: "Chưa có cuộc trò chuyện nào để xóa.",
  erasing: "Đang xóa…",
  not_erased: "Chưa xóa được: không kết nối được máy chủ. Xin thử lại.",
  kept: "Từ nay lịch sử được giữ trên máy này.",
  not_kept: "Trình duyệt này không cho giữ lịch sử.",
  restored: "Đã mở lại lịch sử giữ trên máy này.",
};

const EN = {
  looking: "Looking it up…",
  slow: "The server is slower than usual, still waiting…",
  retrying: "Connection lost, trying again…",
  offline: "This device is offline. Your question will be sent when it is back…",
  lost: "The server cannot be reached. Check your connection and press “Try again”; if that does not help, call the number at the foot of the page.",
  again: "Try again",
  stopped: "Stopped, as you asked.",
  answer: "Answer",
  mine: "You asked:",
  sources: "Sources",
  source: "Source {0}: {1}",
  scanned: "(read from a scan)",
  open_source: "Open the passage in its document",
  original: "Original page",
  opening: "Opening…",
  not_opened: "The source could not be opened. Please try again.",
  version: "Version {0}",
  card: "Procedure {0}",
  code: "Procedure code {0}",
  levels: "Level",
  more: "More: {0}",
  print: "Print the list of papers, or save it as PDF",
  printed: "{0} · printed {1}. Check the sources before you file. {2}",
  about: "About this answer",
  good: "Helpful",
  bad: "Not right",
  copy: "Copy",
  copied: "The answer was copied with its sources.",
  not_copied: "The browser does not allow copying. Please select the text and copy it by hand.",
  why: "What is not right?",
  wrong: "Wrong",
  outdated: "Out of date",
  unclear: "Hard to understand",
  no_source: "No source",
  words: "More words (optional). No names or document numbers, please.",
  send_why: "Send",
  skip_why: "Skip",
  not_sent: "Your feedback could not be sent. Please try again.",
  officer: "An officer answers",
  waiting: "An officer has your request. The answer will appear on this page; you can go on asking.",
  cleared: "The history on this device is deleted.",
  nothing: "There is no conversation to delete yet.",
  erasing: "Deleting…",
  not_erased: "Not deleted: the server cannot be reached. Please try again.",
  kept: "From now on the history is kept on this device.",
  not_kept: "This browser does not allow a history.",
  restored: "The history kept on this device was opened.",
  // What chat.html says in Vietnamese.
  skip: "Go to the question box", nav: "Page", new: "New chat", settings: "Settings",
  earlier: "Asked before",
  welcome: "Which procedure do you need?",
  intro: "Ask in plain words, in Vietnamese or English. I am an AI assistant; every answer has sources you can check.",
  example1: "How much does a passport cost and how long does it take?",
  example2: "What papers do I need to register a birth?",
  example3: "Where do I register permanent residence?",
  example4: "How long does it take to exchange a driving licence?",
  log: "Conversation", label: "Your question", placeholder: "Type your question…",
  send: "Send", stop: "Stop", notice: "Written by AI, check the sources", person: "Call",
  close: "Close", language: "Language", theme: "Appearance", theme_device: "As the device",
  theme_light: "Light", theme_dark: "Dark", history: "History", keep: "Keep the history on this device",
  keep_about: "Only in this browser, deleted after 30 days. Better left off on a shared computer.",
  clear: "Delete the history on this device", erase: "Delete my data on the server",
  sure: "Delete this conversation on the server, with its requests to officers and feedback? It cannot be undone.",
  erase_yes: "Yes, delete", erase_no: "Do not delete",
};

let table = VI;

/** The words of `key`, their places filled. */
export const say = (key, ...values) =>
  (table[key] ?? VI[key]).replace(/\{(\d)\}/g, (_, place) => values[place]);

export const language = () => (table === EN ? "en" : "vi");

const OF_ATTRIBUTE = { tLabel: "aria-label", tPlaceholder: "placeholder" };
const original = new Map(); // what the page said before it was told to speak English

const put = (node, kind, key, read, write) => {
  const id = `${kind} ${key}`;
  if (!original.has(id)) original.set(id, read(node));
  write(table === EN ? EN[key] : original.get(id));
};

/** Have the page speak `lang` from now on; answers that are there stay as they are. */
export const speak = (lang) => {
  table = lang === "en" ? EN : VI;
  document.documentElement.lang = language();
  for (const node of document.querySelectorAll("[data-t]")) {
    put(node, "text", node.dataset.t, (one) => one.textContent, (text) => { node.textContent = text; });
    if (node.name === "message" && node.value) node.value = node.textContent;
  }
  for (const [data, attribute] of Object.entries(OF_ATTRIBUTE)) {
    const name = data.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    for (const node of document.querySelectorAll(`[data-${name}]`)) {
      put(node, attribute, node.dataset[data],
        (one) => one.getAttribute(attribute), (text) => node.setAttribute(attribute, text));
    }
  }
};
