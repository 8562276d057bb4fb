// A button that copies the text beside it. Without this script the text can be selected and copied by hand.
const copied = document.getElementById("copied");

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Browsers keep the clipboard from pages without https, as an office may serve them.
    field.select();
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(document.getElementById(button.dataset.copy));
    copied.textContent = done ? copied.dataset.done : copied.dataset.failed;
    button.focus();
  });
}
