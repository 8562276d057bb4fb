// The entry sheet by keyboard: pasted cells are sent to be looked at, Enter and the arrows move between rows. Without this
// script every row can still be typed, checked and saved.
"use strict";

const sheet = document.getElementById("sheet");
const cells = sheet ? [...sheet.querySelectorAll('input[name$="-value"]')] : [];
const byColumn = document.getElementById("tab-down");
let unsaved = false;

function go(from, step) {
  const next = cells[cells.indexOf(from) + step];
  if (next) {
    next.focus();
    next.select();
  }
  return Boolean(next);
}

// Several cells are sent to the server, which shows where each of them goes before anything is filled in.
function send(first, clipboard) {
  const text = clipboard.getData("text/plain");
  const html = clipboard.getData("text/html");
  if (!/[\t\n]/.test(text.trim()) && !/<td[\s>][^]*<td[\s>]/i.test(html)) return false;
  sheet.elements.pasted.value = text;
  const limit = Number(sheet.elements.pasted.maxLength);
  sheet.elements.pasted_html.value = html.length <= limit ? html : "";
  sheet.elements.paste_from.value = first.name.slice(1).split("-")[0];
  for (const name of ["name_column", "value_column", "qualifier_column", "paste_of"]) sheet.elements[name]?.remove();
  sheet.requestSubmit(sheet.querySelector("[name=_paste]"));
  return true;
}

for (const cell of cells) {
  cell.addEventListener("paste", (event) => {
    if (send(cell, event.clipboardData)) event.preventDefault();
  });
  cell.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    const tab = event.key === "Tab" && byColumn && byColumn.checked;
    if (down || up) {
      event.preventDefault();
      go(cell, down ? 1 : -1);
    } else if (tab && go(cell, event.shiftKey ? -1 : 1)) {
      event.preventDefault();
    }
  });
}

// Leaving with rows that are not saved is asked about: typed or pasted ones, and those that came back from a check.
if (sheet) {
  unsaved = "unsaved" in sheet.dataset;
  sheet.addEventListener("input", (event) => { if (event.target !== byColumn) unsaved = true; });
  sheet.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  byColumn.closest("label").hidden = false;
}
