/** A replacement text, taken apart: literal text, and the groups whose matches go in. */
export type Template = readonly (string | TemplateGroup)[];

export interface TemplateGroup {
  /** The number or the name of a group. */
  readonly group: number | string;
}

/** `$name`, `${name}` or `$$`; a name is letters, digits and underscores, as long as it can be. */
const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/**
 * Reads a replacement text as Go's `Regexp.Expand` does: `$1`, `${1}`, `$name` and `${name}` stand for what a group
 * matched, `$$` for a dollar. So `$1x` is the group "1x", which there is hardly ever; a dollar before anything
 * else is itself.
 */
export function readTemplate(text: string): Template {
  const template: (string | TemplateGroup)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    template.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const name = match[1] ?? match[2];
    template.push(name === undefined ? "$" : { group: groupOf(name) });
  }
  template.push(text.slice(end));
  return template.filter((part) => part !== "");
}

/** Numbers have no leading zeros and at most nine digits; everything else is a name. */
function groupOf(name: string): number | string {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : name;
}

/** Puts a template together; `textOf` gives what a group matched, which is empty when it took no part. */
export function expandTemplate(
  template: Template,
  textOf: (group: number | string) => string,
): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : textOf(part.group);
  return text;
}
