"""One module a measurement. Each has `measure(effort, scratch)`, which answers a section of docs/performance.md."""
