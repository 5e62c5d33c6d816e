import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { type Panel, RowBuilder, type RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

/** How many columns Grafana's grid has. */
export const GRID_WIDTH = 24;

/** A panel and its size in the grid: 24 columns wide, a unit of height is 30 pixels and a gap of 8. */
export interface Placed {
  readonly panel: Builder<Panel>;
  readonly width: number;
  readonly height: number;
}

/** A row with a title and its panels, from left to right and line by line. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Placed[];
}

/** A panel of this size. */
export function place(width: number, height: number, panel: Builder<Panel>): Placed {
  return { panel, width, height };
}

/** Panels of one height that share the width evenly. */
export function line(height: number, ...panels: readonly Builder<Panel>[]): Placed[] {
  const width = Math.floor(GRID_WIDTH / panels.length);
  const wider = GRID_WIDTH - width * panels.length;
  return panels.map((panel, i) => place(i < wider ? width + 1 : width, height, panel));
}

/**
 * Rows with their panels under each other, each panel with its place and a number of its own. Throws
 * RangeError where the panels of a line are not of one height, or do not fill the line.
 */
export function layOut(rows: readonly Row[]): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels: placed } of rows) {
    const id = panels.length + 1;
    const gridPos = { x: 0, y, w: GRID_WIDTH, h: 1 };
    panels.push(new RowBuilder(title).id(id).collapsed(false).gridPos(gridPos).build());
    y += 1;
    let x = 0;
    let height = 0;
    for (const { panel, width, height: h } of placed) {
      if (x === 0) height = h;
      if (h !== height || x + width > GRID_WIDTH)
        throw new RangeError(
          `row "${title}": a panel of ${width}×${h} does not fit at column ${x}`,
        );
      const place = { x, y, w: width, h };
      panels.push({ ...panel.build(), id: panels.length + 1, gridPos: place });
      x += width;
      if (x === GRID_WIDTH) {
        y += height;
        x = 0;
      }
    }
    if (x !== 0) throw new RangeError(`row "${title}": its last line ends at column ${x}`);
  }
  return panels;
}
