// The part of GitHub-flavored Markdown our cards use, built as elements: no text ever becomes markup.

const unescape = (text) =>
  text.replace(/\\([\\`*_{}[\]()#+!|~])/g, "$1").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function inline(parent, text) {
  for (const part of text.split(/(\*\*.+?\*\*)/)) {
    const bold = part.startsWith("**") && part.endsWith("**") && part.length > 4;
    const node = bold ? document.createElement("strong") : document.createTextNode("");
    node.textContent = unescape(bold ? part.slice(2, -2) : part);
    parent.append(node);
  }
}

function cells(line) {
  return line.replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function table(lines) {
  const made = document.createElement("table");
  lines.filter((_, index) => index !== 1).forEach((line, index) => {
    const row = made.insertRow();
    for (const cell of cells(line)) {
      const box = document.createElement(index === 0 ? "th" : "td");
      inline(box, cell);
      row.append(box);
    }
  });
  return made;
}

function block(lines) {
  if (lines[0].startsWith("|")) return [table(lines)];
  const items = lines.filter((line) => line.startsWith("- "));
  const plain = lines.filter((line) => !line.startsWith("- "));
  const made = [];
  if (plain.length) {
    const paragraph = document.createElement("p");
    inline(paragraph, plain.join(" "));
    made.push(paragraph);
  }
  if (items.length) {
    const list = document.createElement("ul");
    for (const item of items) {
      const entry = document.createElement("li");
      inline(entry, item.slice(2));
      list.append(entry);
    }
    made.push(list);
  }
  return made;
}

export function render(text) {
  const blocks = text.split(/\n{2,}/).map((part) => part.split("\n").filter(Boolean)).filter((lines) => lines.length);
  return blocks.flatMap(block);
}
