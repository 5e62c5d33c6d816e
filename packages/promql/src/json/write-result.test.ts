import { Labels, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { MatrixSeries, QueryResult, QueryValue } from "../engine/query-result.ts";
import { QueryError } from "../eval/query-error.ts";
import { ParseError } from "../syntax/parse-error.ts";
import { apiErrorOf, writeError } from "./write-error.ts";
import { writeResult } from "./write-result.ts";

function json(value: QueryValue, more: Partial<QueryResult> = {}, query = ""): string {
  const decoder = new TextDecoder();
  let text = "";
  const result: QueryResult = {
    value,
    annotations: [],
    storageWarnings: [],
    peakSamples: 0,
    ...more,
  };
  for (const chunk of writeResult(result, query)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

function matrixJson(...series: readonly Partial<MatrixSeries>[]): string {
  const whole = series.map((each) => ({
    labels: Labels.EMPTY,
    timestamps: new Float64Array(),
    values: new Float64Array(),
    histograms: undefined,
    ...each,
  }));
  const text = json({ type: "matrix", series: whole });
  return text.slice('{"status":"success","data":{"resultType":"matrix","result":'.length, -2);
}

const EMPTY_VECTOR: QueryValue = { type: "vector", samples: [] };

// What Prometheus 3.5.3 answered to the same.
describe("writeResult", () => {
  it.each([
    [1_700_000_600_123, 1e-7, '[1700000600.123,"0.0000001"]'],
    [1_700_000_600_780, 1e22, '[1700000600.78,"10000000000000000000000"]'],
    [-5, -0, '[-0.005,"-0"]'],
    [0, Number.NaN, '[0,"NaN"]'],
    [0, Number.NEGATIVE_INFINITY, '[0,"-Inf"]'],
  ])("writes the scalar of %d ms and %d without an exponent", (timestamp, value, text) => {
    expect(json({ type: "scalar", timestamp, value })).toBe(
      `{"status":"success","data":{"resultType":"scalar","result":${text}}}`,
    );
  });

  it("escapes strings as Go's own encoder does", () => {
    const value = '<>&\u2028 \b\f\u0001\\u0008 "\n\r\t\u007f é';
    expect(json({ type: "string", timestamp: 1_700_000_600_780, value })).toBe(
      `{"status":"success","data":{"resultType":"string","result":[1700000600.78,"\\u003c\\u003e\\u0026\\u2028 \\b\\f\\u0001\\\\u0008 \\"\\n\\r\\t\u007f é"]}}`,
    );
  });

  it("escapes labels without regard for HTML", () => {
    const labels = Labels.from({ v: '<>&"\\ \n \t \r \u0001\b\f\u001f\u007f é☃\u2028\u2029 😀' });
    expect(json({ type: "vector", samples: [{ labels, timestamp: -1500, value: 1 }] })).toBe(
      `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"v":"<>&\\"\\\\ \\n \\t \\r \\u0001\\u0008\\u000c\\u001f\u007f é☃\u2028\u2029 😀"},"value":[-1.500,"1"]}]}}`,
    );
  });

  it("writes what UTF-8 cannot hold as U+FFFD", () => {
    const labels = Labels.from({ a: "\ud800x" });
    expect(matrixJson({ labels })).toBe('[{"metric":{"a":"\ufffdx"}}]');
  });

  it("writes labels in their order, and times with three decimals or none", () => {
    const labels = Labels.from({ __name__: "odd", b: "1", a: "2", höhe: "3" });
    const timestamps = Float64Array.of(
      1_700_000_180_007,
      1_700_000_240_070,
      1_700_000_300_700,
      1_700_000_360_000,
    );
    const values = Float64Array.of(0.0000015, 1e21, -0, Number.POSITIVE_INFINITY);
    expect(
      matrixJson(
        { labels, timestamps, values },
        { labels, timestamps, values: values.slice().fill(1.25) },
      ),
    ).toBe(
      '[{"metric":{"__name__":"odd","a":"2","b":"1","höhe":"3"},"values":[[1700000180.007,"0.0000015"],[1700000240.070,"1e+21"],[1700000300.700,"-0"],[1700000360,"+Inf"]]},' +
        '{"metric":{"__name__":"odd","a":"2","b":"1","höhe":"3"},"values":[[1700000180.007,"1.25"],[1700000240.070,"1.25"],[1700000300.700,"1.25"],[1700000360,"1.25"]]}]',
    );
  });

  it("writes empty results", () => {
    expect(json(EMPTY_VECTOR)).toBe(
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
    );
    expect(matrixJson()).toBe("[]");
  });

  it("puts floats before histograms, and buckets from the lowest to the highest", () => {
    const histogram = nativeHistogram({
      count: 12,
      sum: 18.4,
      zeroCount: 2,
      zeroThreshold: 0.001,
      positiveSpans: [{ offset: 0, length: 2 }],
      positiveBuckets: [3, 0],
      negativeSpans: [{ offset: 0, length: 2 }],
      negativeBuckets: [3, 4],
    });
    const custom = nativeHistogram({
      schema: -53,
      count: 3,
      sum: 4,
      positiveSpans: [{ offset: 0, length: 3 }],
      positiveBuckets: [1, 1, 1],
      customValues: [1, 2],
    });
    const timestamps = Float64Array.of(1000, 2000, 3000);
    const values = Float64Array.of(Number.NaN, 7, Number.NaN);
    expect(matrixJson({ timestamps, values, histograms: [histogram, undefined, custom] })).toBe(
      '[{"metric":{},"values":[[2,"7"]],"histograms":[' +
        '[1,{"count":"12","sum":"18.4","buckets":[[1,"-2","-1","4"],[1,"-1","-0.5","3"],[3,"-0.001","0.001","2"],[0,"0.5","1","3"]]}],' +
        '[3,{"count":"3","sum":"4","buckets":[[3,"-Inf","1","1"],[0,"1","2","1"],[0,"2","+Inf","1"]]}]]}]',
    );
    expect(
      matrixJson({
        timestamps: timestamps.slice(0, 1),
        values: values.slice(0, 1),
        histograms: [nativeHistogram()],
      }),
    ).toBe('[{"metric":{},"histograms":[[1,{"count":"0","sum":"0"}]]}]');
  });

  it("writes a sample that is a histogram", () => {
    const value = nativeHistogram({ count: 1, sum: 1e-7, zeroCount: 1 });
    expect(json({ type: "vector", samples: [{ labels: Labels.EMPTY, timestamp: 0, value }] })).toBe(
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[0,{"count":"1","sum":"1e-07","buckets":[[3,"-0","0","1"]]}]}]}}',
    );
  });

  it("puts warnings and infos with their places behind the data, ten of each", () => {
    const query = 'sum(\n  "é", x)';
    const info = {
      severity: "info",
      text: "PromQL info: <a>",
      span: { start: 12, end: 13 },
    } as const;
    const annotations = Array.from({ length: 12 }, (_, i) => ({ ...info, text: `info ${i}` }));
    expect(
      json(EMPTY_VECTOR, { annotations: [info], storageWarnings: ["disk & more"] }, query),
    ).toBe(
      `{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["disk \\u0026 more"],"infos":["PromQL info: \\u003ca\\u003e (2:9)"]}`,
    );
    const answer = JSON.parse(json(EMPTY_VECTOR, { annotations }, query)) as { infos: string[] };
    expect(answer.infos.slice(9)).toEqual(["info 9 (2:9)", "2 more info annotations omitted"]);
  });

  it("writes timestamps that series share as it writes those of their own", () => {
    const times = [-8.64e15, -1500, -1000, -5, 0, 7, 60_000, 1_700_000_600_123, 8.64e15];
    const shared = Float64Array.of(...times, Number.NaN, 1e300);
    const values = Float64Array.from(times, (_, i) => (i % 2 === 0 ? i / 3 : -1e-300));
    const parts = [
      [0, 9],
      [0, 9],
      [3, 7],
      [8, 9],
      [2, 2],
      [1, 9],
    ] as const;
    const seriesOf = (copies: boolean) =>
      parts.map(([from, to]) => ({
        timestamps: copies ? shared.slice(from, to) : shared.subarray(from, to),
        values: values.subarray(from, to),
      }));
    expect(matrixJson(...seriesOf(false))).toBe(matrixJson(...seriesOf(true)));
  });

  it("comes in chunks of about 64 KiB that stay as they are", () => {
    const timestamps = Float64Array.from({ length: 3000 }, (_, i) => i * 1000);
    const values = timestamps.map((t) => t / 7);
    const series = Array.from({ length: 40 }, (_, i) => ({
      labels: Labels.from({ i: `${i}` }),
      timestamps,
      values,
      histograms: undefined,
    }));
    const value: QueryValue = { type: "matrix", series };
    const chunks = [
      ...writeResult({ value, annotations: [], storageWarnings: [], peakSamples: 0 }, ""),
    ];
    const sizes = chunks.slice(0, -1).map((chunk) => chunk.length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(65_536);
    expect(Math.max(...sizes)).toBeLessThan(2 * 65_536);
    const answer = JSON.parse(json(value)) as { data: { result: { values: unknown[] }[] } };
    expect(answer.data.result.map((each) => each.values.length)).toEqual(Array(40).fill(3000));
    const text = chunks.map((chunk) => new TextDecoder().decode(chunk)).join("");
    expect(text).toBe(json(value));
  });
});

describe("writeError", () => {
  it("writes the type and the text, safe for HTML", () => {
    expect(writeError({ errorType: "bad_data", error: "unexpected character: '&' \b" })).toBe(
      `{"status":"error","errorType":"bad_data","error":"unexpected character: '\\u0026' \\u0008"}`,
    );
  });

  it("names mistakes in the text after the parameter", () => {
    const mistake = new ParseError("unexpected end of input", { start: 4, end: 4 }, "foo<");
    expect(apiErrorOf(mistake)).toEqual({
      errorType: "bad_data",
      error: 'invalid parameter "query": 1:5: parse error: unexpected end of input',
    });
    const timeout = new QueryError("LINKLIGHT_QUERY_TIMEOUT", "timeout", "query timed out");
    expect(apiErrorOf(timeout)).toEqual({ errorType: "timeout", error: "query timed out" });
    expect(apiErrorOf(new Error("bug"))).toBeUndefined();
  });
});
