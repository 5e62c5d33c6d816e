const HTML = /["\\<>&\u2028\u2029]|\p{Cc}|\p{Cs}/gu;
const PLAIN = /["\\]|\p{Cc}/gu;

/** A name or value of a label as JSON, as Prometheus' API writes it: quotes, backslashes and controls escaped. */
export function quoteLabel(text: string): string {
  return `"${text.replace(PLAIN, escaped)}"`;
}

/** An error or a remark as JSON: what HTML could take for its own is escaped too. */
export function quoteMessage(text: string): string {
  return `"${text.replace(HTML, escaped)}"`;
}

/** A string that a query yields, as JSON; it goes through Go's own encoder, which has `\b` and `\f`. */
export function quoteStringValue(text: string): string {
  return quoteMessage(text).replaceAll(
    /\\\\|\\u0008|\\u000c/g,
    (found) => ({ "\\u0008": "\\b", "\\u000c": "\\f" })[found] ?? found,
  );
}

function escaped(character: string): string {
  switch (character) {
    case '"':
    case "\\":
      return `\\${character}`;
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default: {
      const code = character.charCodeAt(0);
      // Half of a surrogate pair stands for bytes that are no UTF-8.
      if (code >= 0xd800) return "\\ufffd";
      // Controls beyond ASCII, and DEL, stay as they are.
      if (code >= 0x7f && code < 0x2028) return character;
      return `\\u${code.toString(16).padStart(4, "0")}`;
    }
  }
}
