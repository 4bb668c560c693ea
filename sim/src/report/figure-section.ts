import type { Figure } from "./figure.ts";
import { el, escaped } from "./markup.ts";
import { csvOf, type Table } from "./table.ts";

/** Rows of a table that are shown in the page; the file has all. */
const SHOWN_ROWS = 40;

/** A plot in the page: title, what it says, the picture, its numbers to see and to keep. */
export function figureSection({ id, title, reading, svg, table }: Figure): string {
  return el(
    "section",
    { id },
    el("h2", {}, escaped(title)),
    el("p", { class: "reading" }, escaped(reading)),
    svg,
    el("div", { class: "data" }, numbers(table), download(table, `${id}.csv`)),
  );
}

function numbers(table: Table): string {
  const left = table.rows.length - SHOWN_ROWS;
  const more = left > 0 ? ` (the first ${SHOWN_ROWS}; ${left} more in the file)` : "";
  return el(
    "details",
    {},
    el("summary", {}, `The numbers${more}`),
    el("div", { class: "scroll" }, plainTable({ ...table, rows: table.rows.slice(0, SHOWN_ROWS) })),
  );
}

export function download(table: Table, name: string): string {
  const data = Buffer.from(csvOf(table), "utf8").toString("base64");
  return `<a download="${escaped(name)}" href="data:text/csv;charset=utf-8;base64,${data}">${escaped(name)}</a>`;
}

export function plainTable({ columns, rows }: Table): string {
  const cell = (value: string | number | undefined): string => {
    if (typeof value !== "number") return el("td", {}, escaped(value ?? "–"));
    return el("td", { class: "n" }, String(Math.round(value * 1000) / 1000));
  };
  return el(
    "table",
    {},
    el("thead", {}, el("tr", {}, ...columns.map((column) => el("th", {}, escaped(column))))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell)))),
  );
}
