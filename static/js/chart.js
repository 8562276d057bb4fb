// Draws the charts whose data stand in the page. The data name colours as tokens of the style sheet, var(--accent);
// their values are put in here, so that light, dark and paper agree with the page.
(() => {
  // plotly.js-locales has the names of days and months, but none of the tool bar's words.
  const words = {
    "Download plot as a PNG": "Tải biểu đồ về (PNG)",
    "Download plot as an SVG": "Tải biểu đồ về (SVG)",
    "Zoom": "Phóng to vùng chọn",
    "Pan": "Kéo",
    "Zoom in": "Phóng to",
    "Zoom out": "Thu nhỏ",
    "Reset axes": "Về ban đầu",
    "Double-click to zoom back out": "Nháy đúp để thu nhỏ lại",
    "Double-click on legend to isolate one trace": "Nháy đúp để chỉ xem một chuỗi",
    "Preparing image - this may take a few seconds": "Đang tạo ảnh, xin chờ vài giây",
    "Image download succeeded": "Đã tải ảnh về",
    "Sorry, there was a problem downloading your image!": "Không tải được ảnh.",
  };
  const language = document.documentElement.lang;
  Plotly.register({ moduleType: "locale", name: "vi", dictionary: words, format: module.exports.format || {} });

  // In CSS pixels; the paper's are what a panel holds on an A4 page.
  const PHONE = 560;
  const PAPER_WIDTH = 660;
  const PAPER_HEIGHT = 400;

  // The browser tells that it is going to print before the rules for paper hold: they have to be looked up.
  function paperTokens() {
    const rules = [...document.querySelector("link[rel=stylesheet]").sheet.cssRules];
    return rules.find((rule) => rule.media?.mediaText === "print").cssRules[0].style;
  }

  function coloured(text, onPaper) {
    const screen = getComputedStyle(document.documentElement);
    const paper = onPaper ? paperTokens() : screen;
    const valueOf = (name) => paper.getPropertyValue(name) || screen.getPropertyValue(name);
    return text.replace(/var\((--[\w-]+)\)/g, (_all, name) => valueOf(name).trim());
  }

  function toolbar(name) {
    const title = "Download plot as an SVG";
    const svg = {
      name: "svg",
      title: language === "vi" ? words[title] : title,
      icon: Plotly.Icons.disk,
      click: (plot) => Plotly.downloadImage(plot, { format: "svg", filename: name }),
    };
    // Only what is listed is offered; plotly's own choice would send the chart to a server of its maker.
    return [
      ["toImage", svg],
      ["zoom2d", "pan2d"],
      ["zoomIn2d", "zoomOut2d", "resetScale2d"]
    ];
  }

  // On a phone the cards above name the targets and the table below has the numbers: leave room for the lines.
  function narrow(figure) {
    figure.layout.xaxis = { ...figure.layout.xaxis, dtick: undefined, nticks: 6 };
    const stacked = figure.data.some((trace) => trace.type === "bar");
    figure.layout.showlegend = stacked;
    if (stacked) figure.layout.annotations = []; // the sums stand below in words
    figure.data.forEach((trace) => { if (trace.mode) trace.mode = trace.mode.replace("+text", ""); });
  }

  // What a reader looks at, a part of the plane or other lines than at first, stands in the address, so that it can be
  // sent: #chart-data=x2015.5,2020~y1,9~hide0,2. What is not in it is as drawn.
  const AXES = { x: "xaxis", y: "yaxis" };
  const hiddenOnes = (element) => element.data.flatMap((line, place) => (line.visible === "legendonly" ? [place] : []));

  function viewOf(element) {
    const chosen = Object.entries(AXES).filter(([, axis]) => !element.layout[axis].autorange);
    const ranges = chosen.map(([mark, axis]) => mark + element.layout[axis].range.map((end) => +(+end).toFixed(4)));
    return [...ranges, `hide${hiddenOnes(element)}`];
  }

  function remember(element, first) {
    const address = new URLSearchParams(location.hash.slice(1));
    const other = viewOf(element).filter((part) => !first.includes(part));
    if (other.length) address.set(element.dataset.chart, other.join("~"));
    else address.delete(element.dataset.chart);
    const unchanged = location.pathname + location.search;
    history.replaceState(history.state, "", address.size ? `#${decodeURIComponent(address)}` : unchanged);
  }

  async function show(element, view) {
    for (const part of view.split("~")) {
      const [, mark, list] = part.match(/^(x|y|hide)((?:-?\d+(?:\.\d+)?,?)*)$/) || [];
      const numbers = list ? list.split(",").map(Number) : [];
      const isRange = mark in AXES && numbers.length === 2;
      if (isRange) await Plotly.relayout(element, `${AXES[mark]}.range`, numbers);
      const visible = element.data.map((_line, place) => (numbers.includes(place) ? "legendonly" : true));
      if (mark === "hide") await Plotly.restyle(element, { visible });
    }
  }

  async function takeView(element) {
    const first = viewOf(element);
    await show(element, new URLSearchParams(location.hash.slice(1)).get(element.dataset.chart) || "");
    ["plotly_relayout", "plotly_restyle"].forEach((event) => {
      element.removeAllListeners(event);
      element.on(event, () => remember(element, first));
    });
  }

  function draw(element, onPaper) {
    const figure = JSON.parse(coloured(document.getElementById(element.dataset.chart).textContent, onPaper));
    const name = document.querySelector("h1").textContent.trim();
    if (onPaper) figure.layout.width = PAPER_WIDTH;
    else if (element.clientWidth < PHONE) narrow(figure);
    if (onPaper) figure.layout.height = PAPER_HEIGHT;
    else if (element.hasAttribute("data-fit")) delete figure.layout.height; // as much as the frame gives
    const config = {
      responsive: !onPaper,
      displaylogo: false,
      locale: language,
      modeBarButtons: toolbar(name),
      plotlyServerURL: "",
      toImageButtonOptions: { format: "png", filename: name, scale: 2 },
    };
    element.querySelector(".instead")?.remove();
    Plotly.react(element, figure.data, figure.layout, config).then(takeView);
    // The figure's label and the table say it in words; single texts of the drawing would only be noise.
    element.querySelectorAll("svg.main-svg").forEach((drawing) => drawing.setAttribute("aria-hidden", "true"));
    element.dataset.drawn = performance.now().toFixed(0); // milliseconds since navigation began
  }

  const paper = matchMedia("print");

  function drawAll(onPaper) {
    document.querySelectorAll("[data-chart]").forEach((element) => draw(element, onPaper));
  }

  drawAll(paper.matches);
  paper.addEventListener("change", () => drawAll(paper.matches));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(paper.matches));
  addEventListener("beforeprint", () => drawAll(true));
  addEventListener("afterprint", () => drawAll(false));
})();
