// The entry sheet by keyboard: a pasted column fills down, Enter and the arrows move between rows. Without this
// script every row can still be typed, checked and saved.
"use strict";

const sheet = document.getElementById("sheet");
const cells = sheet ? [...sheet.querySelectorAll('input[name$="-value"]')] : [];
const byColumn = document.getElementById("tab-down");
const NUMBER = /^[-+−–(]?\s*\d[\d.,\s)%]*$/;
let unsaved = false;

function go(from, step) {
  const next = cells[cells.indexOf(from) + step];
  if (next) {
    next.focus();
    next.select();
  }
  return Boolean(next);
}

// Rows of a spreadsheet end with a line break, the last one too.
function tableOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
}

function counts(column) {
  return column.length > 1 && column.every((cell, at) => Number(cell) === Number(column[0]) + at);
}

// The place of the first column of numbers; one that only counts the rows is passed over where there is another.
function columnOfNumbers(table) {
  const columns = table[0].map((_cell, at) => table.map((row) => row[at] || ""));
  const found = columns.map((column, at) => [at, column.filter(Boolean)])
    .filter(([, column]) => column.length && column.every((cell) => NUMBER.test(cell)));
  const best = found.find(([, column]) => !counts(column)) || found[0];
  return best ? best[0] : 0;
}

// An empty cell of the clipboard leaves what stands in the row.
function fillDown(first, text) {
  const table = tableOf(text);
  if (table.length < 2 && table[0].length < 2) return false;
  const column = columnOfNumbers(table);
  const values = table.map((row) => row[column] || "");
  const below = cells.slice(cells.indexOf(first));
  below.slice(0, values.length).forEach((cell, at) => { if (values[at]) cell.value = values[at]; });
  unsaved = true;
  tell(values.slice(0, below.length), values.slice(below.length), column, table[0].length);
  below[Math.min(values.length, below.length) - 1].focus();
  return true;
}

function tell(taken, over, column, columns) {
  const place = sheet.querySelector("output");
  const filled = (values) => String(values.filter(Boolean).length);
  const said = [place.dataset.pasted.replace("{count}", filled(taken))];
  if (columns > 1) {
    said.push(place.dataset.column.replace("{columns}", String(columns)).replace("{column}", String(column + 1)));
  }
  if (over.some(Boolean)) said.push(place.dataset.over.replace("{count}", filled(over)));
  place.textContent = said.join(" ");
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

// Leaving with rows that are not saved is asked about: typed or pasted ones, and those that came back from a check.
if (sheet) {
  unsaved = "unsaved" in sheet.dataset;
  sheet.addEventListener("input", (event) => { if (event.target !== byColumn) unsaved = true; });
  sheet.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  byColumn.closest("label").hidden = false;
}
