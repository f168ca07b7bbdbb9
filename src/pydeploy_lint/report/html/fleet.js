// Sorts and filters the table of apps. The page says the same without it.
const table = document.getElementById("table");
const body = table.tBodies[0];
const rows = [...body.rows];
const shown = document.getElementById("shown");
const filter = document.getElementById("filter");

const key = (row, column) => row.cells[column].dataset.order ?? row.cells[column].textContent;
const compare = new Intl.Collator("en", { numeric: true }).compare;

document.getElementById("controls").hidden = false;
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  let number = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    number += row.hidden ? 0 : 1;
  }
  shown.textContent = `${number} of ${rows.length} apps`;
});

[...table.tHead.rows[0].cells].forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const down = head.ariaSort === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sorted = [...rows].sort((one, two) => compare(key(one, column), key(two, column)) * (down ? -1 : 1));
    body.append(...sorted);
  });
});

// A link from the table, or from elsewhere, opens what is folded.
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener("hashchange", open);
open();
