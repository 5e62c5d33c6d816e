/**
 * A `--fabric` argument describes nothing, or its file cannot be read. What is wrong inside of a file is a
 * YamlError.
 */
export class FabricError extends Error {
  override readonly name = "FabricError";
  readonly code = "LINKLIGHT_FABRIC";
}
