/* Fengqiao: charts. Each is drawn from the table that stands beside it; without this file the table stays.
   The large library is fetched when the first chart comes near the screen: on a phone the figures come first. */
(() => {
  "use strict";

  const NEAR = "200px";
  const drawn = new Map();
  const source = document.currentScript.dataset.library;
  let fetched = null;

  function library() {
    fetched ??= new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement("script"), { src: source, onload: resolve, onerror: reject }));
    });
    return fetched;
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function read(table, columns) {
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    return {
      names: rows.map((row) => row.cells[0].textContent.trim()),
      series: columns.map((column) => ({
        name: heads[column],
        data: rows.map((row) => (row.cells[column].dataset.value === "" ? null : Number(row.cells[column].dataset.value))),
      })),
    };
  }

  function options(kind, figures) {
    const ink = colour("--fq-ink");
    const muted = colour("--fq-muted");
    const line = colour("--fq-line");
    const palette = [colour("--fq-blue"), colour("--fq-green"), colour("--fq-orange"), colour("--fq-red")];
    const names = { type: "category", data: figures.names, axisLabel: { color: muted }, axisLine: { lineStyle: { color: line } } };
    const values = { type: "value", minInterval: 1, axisLabel: { color: muted }, splitLine: { lineStyle: { color: line } } };
    const flat = kind === "bar";
    if (flat) names.inverse = true;
    return {
      animation: false,
      color: palette,
      textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 24, top: figures.series.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
      legend: { show: figures.series.length > 1, textStyle: { color: ink }, top: 0 },
      xAxis: flat ? values : names,
      yAxis: flat ? names : values,
      series: figures.series.map((one, number) => ({
        ...one,
        type: kind,
        symbol: ["circle", "rect", "triangle", "diamond"][number % 4],
        symbolSize: 7,
        lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][number % 3] },
        barMaxWidth: 18,
        label: { show: flat, position: "right", color: ink },
      })),
    };
  }

  function draw(place) {
    const table = document.getElementById(place.dataset.table);
    if (!window.echarts || !table) return;
    drawn.get(place)?.dispose();
    const figures = read(table, place.dataset.columns.split(" ").map(Number));
    if (place.dataset.chart === "bar") {
      place.classList.toggle("fq-chart-tall", figures.names.length > 9);
    }
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(options(place.dataset.chart, figures));
    drawn.set(place, chart);
  }

  function drawAll() {
    for (const [place, chart] of drawn) {
      if (!place.isConnected) {
        chart.dispose();
        drawn.delete(place);
      }
    }
    for (const place of document.querySelectorAll("[data-chart]")) {
      if (drawn.has(place)) draw(place);
      else near.observe(place);
    }
  }

  const near = new IntersectionObserver(
    (seen) => {
      for (const { target } of seen.filter((one) => one.isIntersecting)) {
        near.unobserve(target);
        library().then(() => draw(target));
      }
    },
    { rootMargin: NEAR },
  );

  async function drawEvery() {
    await library();
    for (const place of document.querySelectorAll("[data-chart]")) if (!drawn.has(place)) draw(place);
  }

  function save(name) {
    const places = [...document.querySelectorAll("[data-chart]")].filter((place) => drawn.has(place));
    if (!places.length) return;
    const sheets = places.map((place) => drawn.get(place).getRenderedCanvas({ pixelRatio: 2, backgroundColor: colour("--fq-surface") }));
    const whole = document.createElement("canvas");
    whole.width = Math.max(...sheets.map((sheet) => sheet.width));
    whole.height = sheets.reduce((sum, sheet) => sum + sheet.height, 0);
    const pen = whole.getContext("2d");
    pen.fillStyle = colour("--fq-surface");
    pen.fillRect(0, 0, whole.width, whole.height);
    let top = 0;
    for (const sheet of sheets) {
      pen.drawImage(sheet, 0, top);
      top += sheet.height;
    }
    const link = document.createElement("a");
    link.download = name;
    link.href = whole.toDataURL("image/png");
    link.click();
  }

  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawn.forEach((chart) => chart.resize()), 150);
  });
  document.addEventListener("htmx:afterSettle", drawAll);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save-charts]");
    if (button) drawEvery().then(() => save(button.dataset.saveCharts));
  });
  window.addEventListener("beforeprint", drawEvery);
  document.addEventListener("DOMContentLoaded", drawAll);
})();
