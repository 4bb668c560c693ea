import { CanvasTexture, LinearFilter, LinearMipmapLinearFilter, SRGBColorSpace } from "three";

const COLUMNS = 4;
const ROWS = 32;
const CELL_WIDTH_PX = 256;
const CELL_HEIGHT_PX = 32;

/**
 * One texture with many container numbers, each in a cell, painted when first asked for; the one that was not asked
 * for longest gives way. Bound: COLUMNS * ROWS numbers at a time.
 */
export class NumberAtlas {
  readonly texture: CanvasTexture;
  static readonly cellSize = { u: 1 / COLUMNS, v: 1 / ROWS } as const;
  readonly #context: CanvasRenderingContext2D | null;
  /** Number to cell, in the order of last use. */
  readonly #cells = new Map<string, number>();

  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = COLUMNS * CELL_WIDTH_PX;
    canvas.height = ROWS * CELL_HEIGHT_PX;
    this.#context = canvas.getContext("2d");
    this.texture = new CanvasTexture(canvas);
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.generateMipmaps = true;
    this.texture.minFilter = LinearMipmapLinearFilter;
    this.texture.magFilter = LinearFilter;
    this.texture.anisotropy = 4;
  }

  /** The lower left corner of the number's cell in texture coordinates. */
  cellOf(text: string): { readonly u: number; readonly v: number } {
    let cell = this.#cells.get(text);
    if (cell === undefined) {
      cell = this.#cells.size < COLUMNS * ROWS ? this.#cells.size : this.#evict();
      this.#paint(text, cell);
    } else {
      this.#cells.delete(text);
    }
    this.#cells.set(text, cell);
    const column = cell % COLUMNS;
    const row = Math.floor(cell / COLUMNS);
    return { u: column / COLUMNS, v: 1 - (row + 1) / ROWS };
  }

  dispose(): void {
    this.texture.dispose();
  }

  #evict(): number {
    const oldest = this.#cells.entries().next().value;
    if (oldest === undefined) return 0;
    this.#cells.delete(oldest[0]);
    return oldest[1];
  }

  #paint(text: string, cell: number): void {
    const context = this.#context;
    if (context === null) return;
    const x = (cell % COLUMNS) * CELL_WIDTH_PX;
    const y = Math.floor(cell / COLUMNS) * CELL_HEIGHT_PX;
    context.clearRect(x, y, CELL_WIDTH_PX, CELL_HEIGHT_PX);
    context.fillStyle = "rgba(244, 244, 238, 0.94)";
    context.font = "600 27px 'Inter Variable', 'Helvetica Neue', Arial, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x + CELL_WIDTH_PX / 2, y + CELL_HEIGHT_PX / 2 + 1, CELL_WIDTH_PX - 8);
    this.texture.needsUpdate = true;
  }
}

/** A container number as it is painted: owner code, serial, check digit. */
export function paintedNumber(containerNo: string): string {
  const parts = /^([A-Z]{4})(\d{6})(\d)$/.exec(containerNo);
  return parts === null ? containerNo : `${parts[1]} ${parts[2]} ${parts[3]}`;
}
