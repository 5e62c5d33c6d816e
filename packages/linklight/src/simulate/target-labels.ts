import { Labels } from "@linklight/model";
import type { Switch } from "@linklight/simulator";

/**
 * The labels that the scrape job of the endpoint gives to the series of a switch: the name of the switch is its
 * instance. Where one history holds several switches, the name is also in `switch`. Labels that the user gives
 * go before these; an empty value takes a label away.
 */
export function targetLabels(
  { name }: Switch,
  {
    isOneOfSeveral,
    given,
  }: { readonly isOneOfSeveral: boolean; readonly given: ReadonlyMap<string, string> },
): Labels {
  const labels = new Map([
    ["job", "custom prometheus"],
    ["group", "custom"],
    ["instance", name],
    ...(isOneOfSeveral ? [["switch", name] as const] : []),
    ...given,
  ]);
  return Labels.from(labels);
}
