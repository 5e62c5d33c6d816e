import { Name } from "./harness/contestants.mjs";
import { markdownTable, shown, times } from "./harness/markdown.mjs";

const PLAIN = "100,000 series, plain";
const GZIP = "100,000 series, gzip";

/** A target: of which table, of which figure, against whom; `least` times less than a rival, or `most` by itself. */
const TARGETS = [
  { table: PLAIN, key: "cpuMs", rival: Name.PROM_CLIENT, least: 10, title: "less CPU than" },
  { table: PLAIN, key: "cpuMs", rival: Name.PROMETHEUS_IO, least: 6, title: "less CPU than" },
  { table: PLAIN, key: "cpuMs", rival: Name.PYTHON, least: 12, title: "less CPU than" },
  { table: PLAIN, key: "stallMs", most: 10, title: "longest stall, ms" },
  { table: PLAIN, key: "firstByteMs", most: 5, title: "first byte, ms" },
  {
    table: PLAIN,
    key: "peakRssMb",
    rival: Name.PROM_CLIENT,
    least: 1 / 0.7,
    title: "less peak RSS than",
  },
  { table: GZIP, key: "cpuMs", rival: Name.GO, least: 6, title: "less CPU than" },
];

const OURS = [Name.INSTRUMENTS, Name.HANDLES];

/** What was to be reached, and what was, through instruments and through kept handles. */
export function targetTable(results) {
  const rows = TARGETS.map((target) => [
    `${target.table}: ${wanted(target)}`,
    ...OURS.map((name) => reached(target, results.get(target.table) ?? [], name)),
  ]);
  return markdownTable(["target", ...OURS], rows);
}

function wanted({ title, rival, least, most }) {
  return rival === undefined ? `${title} < ${most}` : `≥ ${times(least)} ${title} ${rival}`;
}

function reached({ key, rival, least, most }, rows, name) {
  const ours = rows.find((row) => row.name === name)?.[key];
  if (rival === undefined) return verdict(shown(ours), ours < most);
  const theirs = rows.find((row) => row.name === rival)?.[key];
  if (theirs === undefined) return "not measured";
  return verdict(times(theirs / ours), theirs / ours >= least);
}

function verdict(figure, isMet) {
  return isMet ? `${figure}, met` : `**${figure}, missed**`;
}
