/**
 * The packages that a collector file may import wherever it lies, without package.json or installation:
 * those that this program itself runs, so that a collector and its registry share their classes.
 */
export async function runningModules(): Promise<Readonly<Record<string, unknown>>> {
  const [client, exposition, model] = await Promise.all([
    import("@linklight/client"),
    import("@linklight/exposition"),
    import("@linklight/model"),
  ]);
  return {
    "@linklight/client": client,
    "@linklight/exposition": exposition,
    "@linklight/model": model,
  };
}
