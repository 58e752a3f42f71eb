"use strict";
// The page reads without this. It only keeps the choice of language, and filters the samples.
(() => {
  const radios = [...document.querySelectorAll("input[name=language]")];
  const heed = () => {
    const chosen = radios.find((radio) => radio.checked);
    if (chosen) document.documentElement.lang = chosen.value;
  };
  const swap = (event) => {
    heed();
    // Stay at the part that was being read.
    const seen = [...document.querySelectorAll("main h2, main h3")].filter((h) => h.id);
    const other = event.target.value === "vi" ? "-en" : "-vi";
    const last = seen.filter((h) => h.id.endsWith(other) && Number(h.dataset.top) < 120).pop();
    const here = last && document.getElementById(last.id.slice(0, -2) + event.target.value);
    if (here) here.scrollIntoView();
  };
  for (const radio of radios) {
    radio.addEventListener("change", swap);
    radio.closest("label").addEventListener("pointerdown", remember);
    radio.addEventListener("keydown", remember);
  }
  function remember() {
    for (const h of document.querySelectorAll("main h2, main h3")) {
      if (h.offsetParent) h.dataset.top = h.getBoundingClientRect().top;
    }
  }
  heed();

  const fold = (text) => text.toLocaleLowerCase().normalize("NFC");
  for (const form of document.querySelectorAll(".filters")) {
    const part = form.closest("section");
    const count = form.querySelector("output b");
    const apply = () => {
      const value = (name) => form.querySelector(`[data-filter=${name}]`).value;
      const words = fold(value("words").trim());
      let shown = 0;
      for (const group of part.querySelectorAll(".group")) {
        let any = false;
        for (const sample of group.querySelectorAll(".sample")) {
          const fits = (!value("task") || sample.dataset.task === value("task"))
            && (!value("split") || sample.dataset.split === value("split"))
            && (!words || fold(sample.textContent).includes(words));
          sample.hidden = !fits;
          any = any || fits;
          shown += fits ? 1 : 0;
        }
        group.hidden = !any;
      }
      count.textContent = String(shown);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  }

  // Paper shows everything that is folded on the screen.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  window.addEventListener("afterprint", () => {
    while (opened.length) opened.pop().open = false;
  });
})();
