"use strict";
// Keys for what the page does anyway, a citation that opens where it points, and a draft that
// survives a look at another answer. Nothing here is needed to grade.

const form = document.getElementById("grade");
const draft = form && `draft ${form.action}`;

function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView({ block: "nearest" });
  }
}
addEventListener("hashchange", openTarget);
openTarget();
document.addEventListener("click", (event) => {
  if (event.target.closest("a.cite")) setTimeout(openTarget);
});

function keep() {
  sessionStorage.setItem(draft, JSON.stringify([...new FormData(form)]));
}

function restore() {
  const kept = sessionStorage.getItem(draft);
  if (!kept) return;
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (name === "comment") field.value = value;
    else for (const each of field) if (each.value === value) each.checked = true;
  }
}

function toggle(details) {
  if (details) details.open = !details.open;
}

if (form) {
  restore();
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => sessionStorage.removeItem(draft));
  document.addEventListener("keydown", (event) => {
    const writing = event.target.tagName === "TEXTAREA";
    const submit = (action) => form.requestSubmit(form.querySelector(`[value="${action}"]`));
    if (writing && event.key === "Escape") return event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit("save");
    if (writing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    const field = form.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const links = "A BUTTON SUMMARY".includes(document.activeElement.tagName);
    if (field) {
      field.checked = field.type === "radio" || !field.checked;
      keep();
    } else if (key === "enter" && !links) submit("save");
    else if (key === "s") submit("skip");
    else if (key === "u") document.getElementById("undo").click();
    else if (key === "o") toggle(document.getElementById("expected"));
    else if (key === "n") for (const each of document.querySelectorAll(".sources details")) toggle(each);
    else if (key === "arrowleft" && document.activeElement.tagName !== "INPUT") {
      document.getElementById("back")?.click();
    } else if (key === "/") form.elements.comment.focus();
    else return;
    event.preventDefault();
  });
}
