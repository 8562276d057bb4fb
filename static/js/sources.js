// A source is found by any part of its title or number, with or without diacritics: a list under the field, in place of
// the browser's own, which compares letters as they are. Without this script the server understands the same parts.
"use strict";

const MOST = 8;
const known = [...document.querySelectorAll("#sources option")].map((option) => ({
  code: option.value,
  title: option.textContent.trim(),
  folded: fold(`${option.value} ${option.textContent}`),
}));
let shown = null;

function fold(text) {
  return text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

function close() {
  if (!shown) return;
  shown.field.setAttribute("aria-expanded", "false");
  shown.field.removeAttribute("aria-activedescendant");
  shown.list.remove();
  shown = null;
}

function open(field) {
  close();
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const matching = known.filter((source) => words.every((word) => source.folded.includes(word))).slice(0, MOST);
  if (!matching.length) return;
  const list = document.createElement("ul");
  list.className = "source-list";
  list.id = "source-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent || field.getAttribute("aria-label"));
  matching.forEach((source, at) => {
    const item = list.appendChild(document.createElement("li"));
    item.id = `source-${at}`;
    item.setAttribute("role", "option");
    item.textContent = source.title;
    item.dataset.code = source.code;
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(item);
    });
  });
  field.after(list);
  field.setAttribute("aria-expanded", "true");
  shown = { field, list, at: -1 };
}

function take(item) {
  const { field } = shown;
  field.value = item.dataset.code;
  field.title = item.textContent;
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

function move(step) {
  const items = [...shown.list.children];
  items[shown.at]?.setAttribute("aria-selected", "false");
  shown.at = (shown.at + step + items.length) % items.length;
  items[shown.at].setAttribute("aria-selected", "true");
  items[shown.at].scrollIntoView({ block: "nearest" });
  shown.field.setAttribute("aria-activedescendant", items[shown.at].id);
}

function onKey(event) {
  if (!shown) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && shown.at >= 0) {
    event.preventDefault();
    take(shown.list.children[shown.at]);
  } else if (event.key === "Escape") {
    close();
  }
}

for (const field of document.querySelectorAll("input[list=sources]")) {
  field.removeAttribute("list");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", "source-list");
  field.addEventListener("input", () => open(field));
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", close);
}
