import { PanelBuilder, TextMode } from "@grafana/grafana-foundation-sdk/text";

/** A paragraph of Markdown beside the panels that it explains. */
export function text(title: string, content: string): PanelBuilder {
  return new PanelBuilder().title(title).mode(TextMode.Markdown).content(content.trim());
}
