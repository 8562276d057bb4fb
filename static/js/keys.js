// The arrow keys follow the links to the previous and the next page, unless somebody is typing.
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [tabindex='0']");
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping) return;
  const directions = { ArrowLeft: "prev", ArrowRight: "next" };
  document.querySelector(`a[rel="${directions[event.key]}"]`)?.click();
});
