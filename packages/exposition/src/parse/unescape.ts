/** Resolves `\\`, `\"` and `\n`; any other backslash stands for itself. */
export function unescapeQuoted(text: string): string {
  return text.includes("\\") ? text.replace(/\\([\\"n])/g, (_, c) => (c === "n" ? "\n" : c)) : text;
}

/** Resolves `\\` and `\n`, the escapes of HELP in text 0.0.4; any other backslash stands for itself. */
export function unescapeHelp(text: string): string {
  return text.includes("\\")
    ? text.replace(/\\([\\n])/g, (_, c) => (c === "n" ? "\n" : "\\"))
    : text;
}
