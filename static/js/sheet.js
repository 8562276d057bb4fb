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

// A row that is left is saved as a draft; the server answers with the row, with what it understood or what is wrong.
const SHARED = ["status", "published_on", "source", "csrfmiddlewaretoken"];
const dirty = new Set();
let saving = Promise.resolve();
let pending = 0;

function rowData(row, key) {
  const data = new FormData();
  for (const name of SHARED) data.append(name, sheet.elements[name].value);
  for (const field of row.querySelectorAll("input, select, textarea")) {
    if (field.name && (field.type !== "checkbox" || field.checked)) data.append(field.name, field.value);
  }
  data.append("_row", key);
  return data;
}

function show(row, answer) {
  const fresh = new DOMParser().parseFromString(`<table>${answer}</table>`, "text/html").querySelector("tr");
  if (!fresh) return;
  row.className = fresh.className;
  row.querySelector(".check").replaceWith(fresh.querySelector(".check"));
  for (const field of row.querySelectorAll("input[type=hidden]")) field.remove();
  const value = row.querySelector('input[name$="-value"]');
  for (const field of fresh.querySelectorAll("td:not(.check) input[type=hidden]")) value.before(field);
}

async function save(row) {
  const key = row.querySelector('input[name$="-value"]').name.slice(1).split("-")[0];
  try {
    const answer = await fetch(location.href, { method: "POST", body: rowData(row, key), redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (dirty.has(row) || row.contains(document.activeElement)) return;
    show(row, text);
    if (answer.headers.get("X-Row-Saved") !== "yes") dirty.add(row);
  } catch {
    dirty.add(row);
    const place = sheet.querySelector("output");
    place.textContent = place.dataset.lost;
  }
  unsaved = dirty.size > 0;
}

function leave(event) {
  const row = event.target.closest("tbody tr");
  if (!row || row.contains(event.relatedTarget) || !dirty.delete(row)) return;
  pending += 1;
  saving = saving.then(() => save(row)).finally(() => { pending -= 1; });
}

// Leaving with rows that are not saved is asked about: typed or pasted ones, and those that came back from a check.
if (sheet) {
  unsaved = "unsaved" in sheet.dataset;
  sheet.addEventListener("input", (event) => {
    if (event.target === byColumn) return;
    unsaved = true;
    const row = event.target.closest("tr:has(input[name$='-value'])");
    if (row) dirty.add(row);
  });
  sheet.addEventListener("focusout", leave);
  sheet.addEventListener("submit", (event) => {
    unsaved = false;
    if (!pending) return;
    // What is on its way is waited for, so that a row is not saved twice at the same moment.
    event.preventDefault();
    const { submitter } = event;
    saving.then(() => setTimeout(() => sheet.requestSubmit(submitter)));
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  byColumn.closest("label").hidden = false;
}
