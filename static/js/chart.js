// Draws the charts whose data stand in the page. Colours follow the style sheet's tokens, so that light and dark agree.
(() => {
  const tokens = { "#0b5c6b": "--accent", "#4a5866": "--ink-2", "#dde3e9": "--line", "#8fa3b1": "--goal-edge", "#c9d6df": "--goal" };

  // plotly.js-locales has the names of days and months, but none of the tool bar's words.
  const words = {
    "Download plot as a PNG": "Tải biểu đồ về (PNG)", "Download plot as a png": "Tải biểu đồ về (PNG)",
    "Zoom": "Phóng to vùng chọn", "Pan": "Kéo", "Zoom in": "Phóng to", "Zoom out": "Thu nhỏ", "Reset axes": "Về ban đầu",
    "Toggle Spike Lines": "Đường gióng", "Double-click to zoom back out": "Nháy đúp để thu nhỏ lại",
    "Double-click on legend to isolate one trace": "Nháy đúp để chỉ xem một chuỗi",
  };
  const format = module.exports.format || {};
  Plotly.register({ moduleType: "locale", name: "vi", dictionary: words, format });

  function inColour(text) {
    const style = getComputedStyle(document.documentElement);
    return Object.entries(tokens).reduce((all, [light, name]) => all.replaceAll(light, style.getPropertyValue(name).trim()), text);
  }

  function draw(element) {
    const figure = JSON.parse(inColour(document.getElementById(element.dataset.chart).textContent));
    const name = document.querySelector("h1").textContent.trim();
    const compact = element.clientWidth < 560;
    const config = {
      responsive: true,
      displaylogo: false,
      locale: document.documentElement.lang,
      modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
      modeBarButtonsToAdd: [{
        name: "svg", title: "SVG", icon: Plotly.Icons.disk,
        click: (plot) => Plotly.downloadImage(plot, { format: "svg", filename: name }),
      }],
      toImageButtonOptions: { format: "png", filename: name, scale: 2 },
    };
    if (compact) {
      // On a phone the cards above name the targets and the table below has the numbers: leave room for the lines.
      figure.layout.xaxis = { ...figure.layout.xaxis, dtick: undefined, nticks: 6 };
      figure.layout.showlegend = figure.data.some((trace) => trace.type === "bar");
      figure.data.forEach((trace) => { if (trace.mode) trace.mode = trace.mode.replace("+text", ""); });
    }
    element.querySelector(".waiting")?.remove();
    Plotly.react(element, figure.data, figure.layout, config);
    element.dataset.drawn = performance.now().toFixed(0); // milliseconds since navigation began
  }

  function drawAll() { document.querySelectorAll("[data-chart]").forEach(draw); }

  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
