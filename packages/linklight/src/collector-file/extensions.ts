const EXTENSION = /\.[cm]?[jt]s$/;

/** Whether a text on the command line means a collector file, and not the name of a built-in collector. */
export function isCollectorFile(text: string): boolean {
  return EXTENSION.test(text) || /[\\/]/.test(text);
}

/** The file's name without folders and extension: the name of a collector that has none of its own. */
export function nameFromFile(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return base.replace(EXTENSION, "");
}
