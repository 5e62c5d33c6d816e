/**
 * Queries over the test data that once had another answer here than at Prometheus, or that nobody should get
 * wrong: what random ones found, kept.
 */
export const CORPUS: readonly string[] = [
  // What everybody asks.
  "up",
  "-1 ^ 2",
  "1e-7",
  "1 / 0 - 1 / 0",
  "sum by (instance) (rate(switch_port_receive_bytes_total[5m])) * 8",
  "topk(3, edge_level)",
  "sort_desc(edge_level)",
  "histogram_quantile(0.9, sum by (le, port) (rate(switch_port_receive_frame_size_bytes_bucket[5m])))",
  "switch_port_transmit_packets_total * on (port, instance) group_left (speed) switch_port_info",
  "quantile_over_time(0.95, switch_cpu_usage_ratio[10m])",
  "max_over_time(rate(edge_things_total[2m])[20m:1m])",
  "edge_level unless on (kind) edge_limit > 10",
  'count_values("value", edge_items)',

  // Of equal remarks the last in the order of evaluation counts, at the place that Prometheus knows.
  "sum(rate(edge_level[5m])) + sum(rate(edge_level[5m]))",
  "quantile(5, edge_level) + quantile(6, edge_level)",
  "quantile(5, quantile(5, edge_level))",
  "quantile((5), edge_level)",
  "quantile(5, up) by (instance) + quantile(5, up) by (instance)",
  "rate((edge_level[5m]))",
  "rate((edge_level)[5m:])",
  "rate(edge_level[5m]) + rate(edge_level[10m:])",
  "quantile_over_time((3), edge_level[5m])",
  "quantile_over_time((3), edge_level[5m] @ end())",
  "histogram_quantile((3), (edge_seconds_bucket))",
  "quantile_over_time(7, nothing_of_that_name[5m])",

  // Bytes that are no UTF-8 are known as such.
  'count_values("\\xff", up)',
  'label_join(up, "a-b\\xff", "", "port")',
  // The label of values is judged before what is inside.
  'count_values("", edge_items - on (team) group_left (item) edge_item_limit)',
  // What is inside comes before the parameter, also where nothing is wanted of it.
  "bottomk(0, edge_items - on (team) group_left (item) edge_item_limit)",
  "topk(0, rate(edge_level[5m]))",
  "topk(1e30, edge_items + on (team) group_left (item) edge_item_limit)",

  // The storage puts matchers that only take away behind the others, where `absent` finds them.
  'absent(nothing{kind!="a", kind="b"})',
  'absent(nothing{kind=~"a|b", kind="b"})',
  'absent(nothing{kind!="", kind="b"})',
  'absent_over_time(nothing{kind="a", kind="b", team="c"}[5m])',

  // `timestamp` selects by an offset beside `@`, and then forgets it.
  "timestamp(edge_level @ 1767573000 offset 5m)",
  "timestamp(edge_level offset -10s @ end())",
  "timestamp(edge_level offset 1m)",

  // An aggregation of what is the same at every step takes its parameter of the first.
  "quantile(scalar(edge_twin_a), edge_items @ end())",
  "topk(scalar(edge_twin_a) % 7, edge_items @ end())",
  "topk(scalar(edge_twin_a) % 7, edge_items)",

  // What is wrong at an earlier step comes first.
  'switch_cpu_usage_ratio{instance="leaf1"} * on () edge_uneven_total',
  "edge_things_total * on () (switch_port_link_changes_total offset 20m)",
  "stddev without (cast) (switch_info) < on () edge_uneven_total",

  // Names that fall make series equal, at the same time or at different ones.
  'rate({__name__=~"edge_twin_."}[5m])',
  'abs({__name__=~"edge_shift_."})',
  '-({__name__=~"edge_shift_."})',
  'label_replace({__name__=~"edge_shift_."}, "__name__", "same", "", "")',
  'sum by (__name__) (rate({__name__=~"edge_(level|limit)"}[5m]))',

  // What one range query cannot yield.
  "edge_level[5m]",
  '"text <&> \\u2028"',
];
