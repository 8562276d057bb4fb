// The entry sheet by keyboard: a pasted column fills down, Enter and the arrows move between rows. Without this
// script every row can still be typed, checked and saved.
"use strict";

const sheet = document.getElementById("sheet");
const cells = sheet ? [...sheet.querySelectorAll('input[name$="-value"]')] : [];
const byColumn = document.getElementById("tab-down");

function go(from, step) {
  const next = cells[cells.indexOf(from) + step];
  if (next) {
    next.focus();
    next.select();
  }
  return Boolean(next);
}

// Rows of a spreadsheet end with a line break; of several columns the first is taken. A last empty line is Excel's.
function fillDown(first, text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  if (lines.length < 2) return false;
  const from = cells.indexOf(first);
  lines.forEach((line, at) => {
    const cell = cells[from + at];
    if (cell) cell.value = line.split("\t")[0].trim();
  });
  const last = cells[Math.min(from + lines.length, cells.length) - 1];
  last.focus();
  return true;
}

for (const cell of cells) {
  cell.addEventListener("paste", (event) => {
    if (fillDown(cell, event.clipboardData.getData("text/plain"))) event.preventDefault();
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

// A second click on the way to the server would only be told that nothing is new; and leaving with typed rows is asked.
let typed = false;
if (sheet) {
  sheet.addEventListener("input", () => { typed = true; });
  sheet.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  byColumn.closest("label").hidden = false;
}
