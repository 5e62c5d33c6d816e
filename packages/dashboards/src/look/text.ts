import { PanelBuilder, TextMode } from "@grafana/grafana-foundation-sdk/text";

/** Paragraphs of Markdown, with blank lines between them, beside the panels that they explain. */
export function text(title: string, content: string): PanelBuilder {
  const paragraphs = content.trim().split(/\n{2,}/);
  return new PanelBuilder()
    .title(title)
    .mode(TextMode.Markdown)
    .content(paragraphs.map(onOneLine).join("\n\n"));
}

// Grafana breaks a line wherever the text does: where our code ends a line is no matter of the reader's.
function onOneLine(paragraph: string): string {
  return paragraph.startsWith("```") ? paragraph : paragraph.replaceAll("\n", " ");
}
