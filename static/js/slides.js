// Arrow keys, Page Up and Page Down, space, Home and End turn the slides, and the address follows, so that a reload
// stays. Without script the page scrolls, and each slide has its own links.
(() => {
  const slides = [...document.querySelectorAll(".slide")];
  const current = () => slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  const forwards = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, End: Infinity };
  const backwards = { ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity };
  const steps = { ...forwards, ...backwards };
  addEventListener("keydown", (event) => {
    const step = event.key === " " && event.shiftKey ? -1 : steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const slide = slides[Math.min(Math.max(current() + step, 0), slides.length - 1)];
    slide.scrollIntoView();
    history.replaceState(null, "", `#${slide.id}`);
  });
})();
