// Arrow keys, Page Up and Page Down, space and Home and End turn the slides. Without script the page scrolls.
(() => {
  const slides = [...document.querySelectorAll(".slide")];
  const current = () => slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity };
  addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("a")) return;
    event.preventDefault();
    slides[Math.min(Math.max(current() + step, 0), slides.length - 1)].scrollIntoView();
  });
})();
