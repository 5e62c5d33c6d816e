import { EXEMPLAR_MAX_CHARACTERS, type Exemplar, isValidName, Labels } from "@linklight/model";

/** The labels of an exemplar, such as `{ trace_id: "4bf92f35" }`: at most 128 characters together. */
export type ExemplarLabels = Readonly<Record<string, string>>;

/** Makes an exemplar. Throws RangeError when its labels are longer than OpenMetrics allows, TypeError when they are none. */
export function makeExemplar(
  metric: string,
  labels: ExemplarLabels,
  value: number,
  timestamp: number,
): Exemplar {
  const set = Labels.from(labels);
  checkExemplarLabels(metric, set);
  // OpenMetrics counts characters, that is code points, of names and values.
  let length = 0;
  for (const [name, text] of set) length += [...name].length + [...text].length;
  if (length > EXEMPLAR_MAX_CHARACTERS) {
    throw new RangeError(
      `metric ${metric}: exemplar labels have ${length} characters together; at most ${EXEMPLAR_MAX_CHARACTERS} are allowed`,
    );
  }
  return { labels: set, value, timestamp };
}

/** Throws TypeError for a label name that no format could show: it would cost the whole page. */
export function checkExemplarLabels(metric: string, labels: Labels): void {
  for (const [name] of labels) {
    if (!isValidName(name))
      throw new TypeError(
        `metric ${metric}: invalid label name ${JSON.stringify(name)} in an exemplar`,
      );
  }
}
