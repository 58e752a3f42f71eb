"use strict";
// <script src="https://…/widget.js" data-lang="vi" data-title="…" defer></script>
// A button and a panel in a shadow root, which the styles of the page around cannot reach;
// the chat itself is a frame from where this script came from. No cookie, no other host,
// nothing asked for before the button is pressed.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const english = script.dataset.lang === "en";
  const title = script.dataset.title || (english ? "Public service assistant" : "Trợ lý dịch vụ công");
  const words = english
    ? { open: "Open", close: "Close", page: "Open in a page of its own" }
    : { open: "Mở", close: "Đóng", page: "Mở ở trang riêng" };
  const STYLE = `
    :host { all: initial !important; display: block !important; position: fixed !important;
      inset: auto 16px 16px auto !important; z-index: 2147483647 !important; overflow: visible !important;
      color-scheme: light dark !important; visibility: visible !important; opacity: 1 !important;
      transform: none !important; filter: none !important; pointer-events: auto !important;
      width: auto !important; height: auto !important; margin: 0 !important; border: 0 !important;
      padding: 0 !important; background: none !important; clip: auto !important; clip-path: none !important; }
    :host([hidden]) { display: block !important; }
    * { box-sizing: border-box; font: 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
    button, a { min-width: 44px; min-height: 44px; display: inline-flex; align-items: center; justify-content: center;
      border: 0; border-radius: 10px; background: none; color: inherit; cursor: pointer; padding: 0; }
    :focus-visible { outline: 3px solid #fff; outline-offset: -5px; box-shadow: 0 0 0 3px #0b4f8a; }
    .launch { height: 56px; padding: 0 20px 0 16px; gap: 10px; border-radius: 28px; background: #8a1c1c; color: #fff;
      font-weight: 600; box-shadow: 0 2px 12px rgb(0 0 0 / .35); max-width: calc(100vw - 32px); }
    .launch span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .launch svg { flex: none; }
    [hidden] { display: none !important; }
    dialog { position: fixed; inset: auto 16px 16px auto; margin: 0; padding: 0; border: 1px solid #767069; border-radius: 14px;
      width: min(420px, calc(100vw - 32px)); height: min(680px, calc(100vh - 32px)); max-width: none; max-height: none;
      overflow: hidden; background: #8a1c1c; color: #fff; box-shadow: 0 8px 32px rgb(0 0 0 / .35); }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / .4); }
    header { display: flex; align-items: center; flex: none; padding: 2px 4px 2px 16px; }
    h2 { flex: 1; margin: 0; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    iframe { flex: 1; width: 100%; border: 0; background: Canvas; }
    @media (max-width: 480px), (max-height: 480px) {
      dialog { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } }`;

  const SVG = "http://www.w3.org/2000/svg";
  const icon = (path) => {
    const svg = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true" })) svg.setAttribute(name, value);
    for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" })) line.setAttribute(name, value);
    svg.append(line);
    return svg;
  };
  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const start = () => {
    const host = make("troly-widget", { lang: english ? "en" : "vi" });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // not an inline style: the page's own policy may forbid those
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];

    const launch = make("button", { class: "launch", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
      "aria-label": `${words.open} ${title}` }, icon("M4 5h16v11H12l-5 4v-4H4z"), make("span", {}, title));
    const close = make("button", { type: "button", "aria-label": words.close }, icon("M6 6l12 12M18 6L6 18"));
    const page = make("a", { href: `${home}/${english ? "?lang=en" : ""}`, target: "_blank", rel: "noopener", "aria-label": words.page },
      icon("M14 5h5v5M19 5l-8 8M17 14v5H5V7h5"));
    const panel = make("dialog", { "aria-labelledby": "title" },
      make("header", {}, make("h2", { id: "title" }, title), page, close));
    root.append(launch, panel);

    let frame = null, loaded = false;
    const greet = () => loaded && frame.contentWindow.postMessage({ troly: "open" }, home);
    const open = () => {
      if (panel.open) return;
      if (!frame) {
        frame = make("iframe", { title, src: `${home}/embed${english ? "?lang=en" : ""}`, allow: "clipboard-write" });
        frame.addEventListener("load", () => {
          loaded = true;
          if (panel.open) { frame.focus(); greet(); }
        });
        panel.append(frame);
      }
      // Over the whole of a phone the page behind is out of reach; on a desk both can be used.
      if (matchMedia("(max-width: 480px), (max-height: 480px)").matches) panel.showModal();
      else panel.show();
      launch.hidden = true;
      launch.setAttribute("aria-expanded", "true");
      frame.focus();
      greet();
    };
    launch.addEventListener("click", open);
    close.addEventListener("click", () => panel.close());
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") panel.close(); });
    panel.addEventListener("close", () => {
      launch.hidden = false;
      launch.setAttribute("aria-expanded", "false");
      launch.focus();
    });
    window.addEventListener("message", (event) => {
      if (event.origin === home && event.source === frame?.contentWindow && event.data?.troly === "close") panel.close();
    });
    document.body.append(host);
    // The top layer, where the browser has it for this: above whatever the page stacks or moves.
    if (host.showPopover) {
      host.popover = "manual";
      host.showPopover();
    }
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
