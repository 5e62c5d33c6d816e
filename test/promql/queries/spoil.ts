type Spoiler = (query: string, below: (limit: number) => number) => string;

// Mistakes that people make; what Prometheus says to each is part of the contract.
const SPOILERS: readonly Spoiler[] = [
  (query) => `rate(${query})`,
  (query) => `${query}[5m]`,
  (query) => `sum(${query}`,
  (query) => `${query})`,
  (query) => `nosuch(${query})`,
  (query) => `clamp_max(${query})`,
  (query) => `abs(${query}, 1)`,
  (query) => `topk("two", ${query})`,
  (query) => `1 == (${query})`,
  (query) => `time() == 5 + (${query})`,
  (query) => `(${query}) and 5`,
  (query) => `(${query}) + bool 5`,
  (query) => `(${query}) + on (instance) group_left (instance) (${query})`,
  (query) => `(${query}) or on (instance) group_left () (${query})`,
  (query) => `(${query}) + on (job) up`,
  (query) => `up * on (job) group_left (kind) (${query})`,
  (query) => `label_replace(${query}, "a b", "$1", "port", "(.*")`,
  (query) => `label_replace(${query}, "dst", "$1", "port", "(.*")`,
  (query) => `label_join(${query}, "a-b\\xff", "", "port")`,
  (query) => `label_replace(${query}, "instance", "", "", "")`,
  (query) => `label_replace(${query}, "__name__", "same", "", "")`,
  (query) => `count_values("", ${query})`,
  (query) => `count_values("\\xff", ${query})`,
  (query) => `topk(NaN, ${query})`,
  (query) => `topk(1e30, ${query})`,
  (query) => `limit_ratio(NaN, ${query})`,
  (query) => `(${query})[5m:] offset 5m offset 5m`,
  (query) => `{__name__=""}`.concat(query.length > 20 ? " + 1" : ""),
  (query) => `up{instance=~"["} + (${query})`,
  (query) => `up{instance=} + (${query})`,
  (query) => `"text" + (${query})`,
  (query) => `${query} @ 5`,
  (query) => `${query} offset 5m`,
  (query, below) => without(query, below(query.length)),
  (query, below) => without(query, below(query.length)),
  (query, below) => query.slice(0, below(query.length)),
  (query, below) =>
    inserted(query, below(query.length + 1), "([{}])\"',!=~+-*/%^@:. 5mx#é"[below(27)] ?? "5"),
  (query, below) =>
    inserted(query, below(query.length + 1), "([{}])\"',!=~+-*/%^@:. 5mx#é"[below(27)] ?? "5"),
];

/** A query with a mistake in it, most of the time. */
export function spoil(query: string, random: () => number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  return (SPOILERS[below(SPOILERS.length)] as Spoiler)(query, below);
}

function without(query: string, at: number): string {
  return query.slice(0, at) + query.slice(at + 1);
}

function inserted(query: string, at: number, text: string): string {
  return query.slice(0, at) + text + query.slice(at);
}
