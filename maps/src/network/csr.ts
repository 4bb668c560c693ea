import type { Csr } from "./network.ts";

/** Packs lists of indices into compressed sparse rows; each row is sorted. */
export function csrOf(rows: readonly Iterable<number>[]): Csr {
  const sorted = rows.map((row) => Int32Array.from(row).sort());
  const offsets = new Int32Array(rows.length + 1);
  sorted.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + row.length;
  });
  const values = new Int32Array(offsets[rows.length] ?? 0);
  sorted.forEach((row, i) => {
    values.set(row, offsets[i]);
  });
  return { offsets, values };
}

/** One row: a view, nothing is copied. */
export function rowOf(csr: Csr, row: number): Int32Array {
  return csr.values.subarray(csr.offsets[row], csr.offsets[row + 1]);
}

/** Whether two sorted rows have a value in common. */
export function rowsMeet(a: Int32Array, b: Int32Array): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] ?? 0;
    const y = b[j] ?? 0;
    if (x === y) return true;
    if (x < y) i += 1;
    else j += 1;
  }
  return false;
}
