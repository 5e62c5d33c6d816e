import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  FieldTextAlignment,
  TableCellDisplayMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import type { Steps } from "./colors.ts";
import { describePanel, type PanelSpec, type SeriesLink } from "./panel.ts";
import { refId } from "./query.ts";

/** A column of a table: a label, or the value of a query. Columns stand in the order of the list. */
export interface Column {
  /** The label, or `#` and the place of the query whose value it is: `#0`. */
  readonly from: string;
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  /** Colours the cell by its value. */
  readonly steps?: Steps;
  /** Draws the value as a bar in the cell, from 0 to this. */
  readonly barTo?: number;
  readonly mappings?: readonly unknown[];
  readonly links?: readonly SeriesLink[];
}

/** A table whose queries are `table` queries with the same labels: their values are columns of one row. */
export interface TableSpec extends PanelSpec {
  readonly columns: readonly Column[];
  /** The title of the column it is sorted by, the largest first unless `ascending`. */
  readonly sortBy?: string;
  readonly ascending?: boolean;
}

/** Rows of labels and values at the end of the shown time. What is not a column is left out. */
export function table(spec: TableSpec): Builder<Panel> {
  const panel = describePanel(new PanelBuilder(), spec)
    .align(FieldTextAlignment.Auto)
    .cellHeight(TableCellHeight.Sm)
    .cellOptions({ type: TableCellDisplayMode.Auto })
    .filterable(false);
  const { columns, queries } = spec;
  const names = columns.map(({ from }) => fieldName(from, queries.length));
  panel
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names } },
    })
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: {},
        includeByName: {},
        indexByName: Object.fromEntries(names.map((name, i) => [name, i])),
        renameByName: Object.fromEntries(names.map((name, i) => [name, columns[i]?.title ?? name])),
      },
    });
  if (spec.sortBy !== undefined) {
    panel.sortBy([
      new TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(spec.ascending !== true),
    ]);
  }
  for (const column of columns) {
    const properties = columnProperties(column);
    if (properties.length > 0) panel.overrideByName(column.title, properties);
  }
  return { build: () => withoutFooter(panel.build()) };
}

// The library knows a footer that Grafana's tables had before version 12.
function withoutFooter(panel: Panel): Panel {
  const { footer: _footer, ...options } = panel.options;
  return { ...panel, options };
}

// One query alone has its value in the field `Value`; of several, each is in `Value #A`.
function fieldName(from: string, queries: number): string {
  if (!from.startsWith("#")) return from;
  return queries === 1 ? "Value" : `Value #${refId(Number(from.slice(1)))}`;
}

function columnProperties(column: Column): DynamicConfigValue[] {
  const { unit, decimals, width, steps, barTo, mappings, links } = column;
  const properties: DynamicConfigValue[] = [];
  const add = (id: string, value: unknown): void => {
    if (value !== undefined) properties.push({ id, value });
  };
  add("unit", unit);
  add("decimals", decimals);
  add("custom.width", width);
  add("mappings", mappings);
  add("links", links);
  if (steps !== undefined) {
    add("thresholds", {
      mode: "absolute",
      steps: [
        { value: null, color: steps.base },
        ...steps.steps.map(([value, color]) => ({ value, color })),
      ],
    });
  }
  if (barTo !== undefined) {
    add("min", 0);
    add("max", barTo);
    add("custom.cellOptions", { type: "gauge", mode: "basic", valueDisplayMode: "text" });
  } else if (steps !== undefined || mappings !== undefined) {
    add("custom.cellOptions", { type: "color-text" });
  }
  return properties;
}
