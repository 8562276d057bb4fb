// A file that takes a while shows that it is coming. Without this script the links are plain links, and the browser
// shows what it shows. The words, in the reader's language, stand on #downloads; a file's line is cloned from there.
const place = document.getElementById("downloads");
const language = document.documentElement.lang;
const OFTEN = 1000; // milliseconds between two words on one file, so that a screen reader is not flooded

function words(name, values) {
  return place.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function size(bytes) {
  const [unit, of] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / of);
}

// One line: what it says, a bar while the file is coming, a button that stops it and afterwards takes the line away.
function newLine(link, stop) {
  const line = place.querySelector("template").content.firstElementChild.cloneNode(true);
  const [status, bar, button] = ["[role=status]", "progress", "button"].map((one) => line.querySelector(one));
  place.append(line);
  let over = false;
  button.addEventListener("click", () => {
    if (!over) return stop();
    line.remove();
    link.focus();
  });
  return {
    say: (text) => { status.textContent = text; },
    end: (text) => {
      over = true;
      status.textContent = text;
      bar.remove();
      button.textContent = place.dataset.close;
    },
  };
}

// The whole answer as a blob, which the browser may keep on disk; `told` hears how many bytes have come. An answer that
// breaks off before its promised end is an error already in fetch.
function whole(answer, told) {
  let arrived = 0;
  const counted = new TransformStream({
    transform(piece, out) {
      arrived += piece.byteLength;
      told(arrived);
      out.enqueue(piece);
    },
  });
  return new Response(answer.body.pipeThrough(counted)).blob();
}

function handOver(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// What the page of an error says, where it says it in the language of this one.
async function reason(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const texts = page.documentElement.lang === language ? [...page.querySelectorAll("main h1, main h1 + p")] : [];
  return [words("refused", { status: answer.status }), ...texts.map((one) => one.textContent.trim())].join(" – ");
}

async function fetched(link, line, signal) {
  let name = new URL(link.href).pathname.split("/").pop();
  let last = 0;
  line.say(words("preparing", { name }));
  const answer = await fetch(link.href, { signal });
  if (!answer.ok) return line.end(words("failed", { name, why: await reason(answer) }));
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
  // No file but a page, such as the one to log in.
  if (!named) return location.assign(link.href);
  name = named[1];
  const blob = await whole(answer, (bytes) => {
    if (performance.now() - last < OFTEN) return;
    last = performance.now();
    line.say(words("arriving", { name, size: size(bytes) }));
  });
  handOver(blob, name);
  line.end(words("done", { name, size: size(blob.size) }));
}

async function download(link) {
  const control = new AbortController();
  const line = newLine(link, () => control.abort());
  const name = new URL(link.href).pathname.split("/").pop();
  try {
    await fetched(link, line, control.signal);
  } catch {
    const failed = words("failed", { name, why: place.dataset.broken });
    line.end(control.signal.aborted ? words("cancelled", { name }) : failed);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-download]");
  // With a key held the browser does what the reader is used to.
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  download(link);
});
