/** The numbers behind a plot. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** As CSV (RFC 4180); what is not known is empty. */
export function csvOf({ columns, rows }: Table): string {
  const field = (value: string | number | undefined): string => {
    if (value === undefined) return "";
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
