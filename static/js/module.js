// The words of plotly come as a CommonJS file: this is the module it fills. chart.js reads it.
window.module = { exports: {} };
