// Draws the table inside <figure data-chart="bar|line|pie"> as a chart above it. Everything else on the
// pages works without scripts.
"use strict";
(() => {
  const colours = ["#12667f", "#d08a2e", "#4d8f6c", "#8a5a83", "#5b7fb5", "#a8623f", "#6b7a82"];

  function read(table) {
    const cells = (row) => Array.from(row.cells, (c) => c.textContent.trim());
    const [head, ...rows] = Array.from(table.rows, cells).filter((r) => r.length > 1);
    const number = (s) => Number(s.replace(/[^0-9.-]/g, ""));
    return {
      labels: rows.map((r) => r[0]),
      series: head.slice(1).map((name, i) => ({ name, values: rows.map((r) => number(r[i + 1])) })),
    };
  }

  function option(kind, { labels, series }) {
    const base = {
      color: colours, aria: { enabled: true }, animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { confine: true, trigger: kind === "pie" ? "item" : "axis", renderMode: "richText" },
      legend: series.length > 1 || kind === "pie" ? { bottom: 0 } : undefined,
    };
    if (kind === "pie") {
      const data = labels.map((name, i) => ({ name, value: series[0].values[i] }));
      return { ...base, series: [{ type: "pie", radius: ["45%", "70%"], center: ["50%", "44%"], data }] };
    }
    return {
      ...base,
      grid: { left: 8, right: 16, top: 24, bottom: series.length > 1 ? 36 : 8, containLabel: true },
      xAxis: { type: "category", data: labels, axisTick: { show: false } },
      yAxis: { type: "value", splitLine: { lineStyle: { color: "#e3eaec" } } },
      series: series.map((s) => ({ type: kind, name: s.name, data: s.values, barMaxWidth: 36, smooth: false })),
    };
  }

  function draw(figure) {
    const table = figure.querySelector("table");
    if (!table || figure.dataset.drawn) return;
    figure.dataset.drawn = "yes";
    const box = document.createElement("div");
    box.className = "chart-box";
    box.setAttribute("aria-hidden", "true");
    figure.prepend(box);
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option(figure.dataset.chart, read(table)));
    new ResizeObserver(() => chart.resize()).observe(box);
  }

  let library;
  function load() {
    library ??= new Promise((resolve, reject) => {
      const s = document.createElement("script");
      s.src = document.querySelector('meta[name="chart-library"]').content;
      s.onload = resolve;
      s.onerror = reject;
      document.head.append(s);
    });
    return library;
  }

  function charts() {
    const figures = document.querySelectorAll("figure[data-chart]:not([data-drawn])");
    if (figures.length) load().then(() => figures.forEach(draw), () => {});
  }

  function start() {
    charts();
    document.addEventListener("htmx:after:swap", charts);
    // one open menu at a time, closed by Escape or a click elsewhere
    document.addEventListener("click", (e) => {
      document.querySelectorAll("details.menu[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; });
    });
    document.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      document.querySelectorAll("details.menu[open]").forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
    });
    document.getElementById("errors")?.focus();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
