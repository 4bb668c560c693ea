import type { Table } from "./table.ts";

/** One plot of a report: what it says in a sentence, the picture, and the numbers behind it. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly reading: string;
  readonly svg: string;
  readonly table: Table;
}
