/**
 * The packages that a collector file may import wherever it lies, without package.json or installation:
 * those that this program itself runs, so that a collector and its registry share their classes.
 */
export async function runningModules(): Promise<Readonly<Record<string, unknown>>> {
  const [client, promClient, testing, exposition, model] = await Promise.all([
    import("@linklight/client"),
    import("@linklight/client/prom-client"),
    import("@linklight/client/testing"),
    import("@linklight/exposition"),
    import("@linklight/model"),
  ]);
  return {
    "@linklight/client": client,
    "@linklight/client/prom-client": promClient,
    "@linklight/client/testing": testing,
    "@linklight/exposition": exposition,
    "@linklight/model": model,
  };
}
