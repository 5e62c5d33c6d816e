import { describe, expect, it } from "vitest";
import { goExp } from "./go-exp.ts";
import { goAcosh, goAsinh, goAtanh, goCosh, goSinh, goTanh } from "./go-hyperbolic.ts";
import { goAcos, goAsin, goAtan, goAtan2 } from "./go-inverse-trig.ts";
import { goLog, goLog2, goLog10 } from "./go-log.ts";
import { goPow } from "./go-pow.ts";
import { goCos, goSin, goTan } from "./go-trig.ts";

describe("digits of Prometheus 3 on amd64", () => {
  it.each<[string, (x: number) => number, number, number]>([
    ["sin", goSin, Math.PI, 1.2246467991473515e-16],
    ["sin of a great angle", goSin, 1e22, -0.8522008497671889],
    ["cos", goCos, Math.PI / 2, 6.123233995736757e-17],
    ["cos of a great angle", goCos, 9.8e300, 0.7247296872081229],
    ["tan", goTan, 4.1922, 1.7457710726396147],
    ["tan of a great angle", goTan, -536870913, -0.787917708669849],
    ["acos", goAcos, 0.999999999, 0.00004472135893252016],
    ["asin", goAsin, -0.8, -0.9272952180016123],
    ["atan", goAtan, 0.7, 0.6107259643892086],
    ["atan", goAtan, -3, -1.2490457723982544],
    ["sinh", goSinh, 0.3, 0.3045202934471426],
    ["tanh", goTanh, 0.5, 0.46211715726000974],
    ["asinh", goAsinh, -3.3, -1.9092740140163365],
    ["asinh", goAsinh, 0.01, 0.009999833340832886],
    ["acosh", goAcosh, 1.5, 0.9624236501192069],
    ["acosh", goAcosh, 1e9, 21.416413017506354],
    ["atanh", goAtanh, 0.4, 0.42364893019360184],
    ["atanh", goAtanh, -0.9, -1.4722194895832204],
    ["log10", goLog10, 0.1096, -0.9601894458516497],
    ["log10", goLog10, 3e99, 99.47712125471966],
    ["ln of a subnormal", goLog, 1e-310, -709.0850815488945],
    ["exp", goExp, 0.3608, 1.4344765368797368],
    ["exp", goExp, -0.7, 0.4965853037914095],
    ["exp", goExp, 700.123, 1.1469792299254321e304],
    ["exp of what is subnormal", goExp, -740, 4.2e-322],
    ["exp close to the limit", goExp, 709.7, Infinity],
    ["exp of too little", goExp, -745.2, 0],
    ["sinh", goSinh, 0.822, 0.9177468548813227],
    ["cosh", goCosh, -1.132, 1.7121209220564966],
    ["tanh", goTanh, 0.675, 0.5882592563981055],
    ["a fractional power", (x) => goPow(x, 61.08), 3, 1.388565076710061e29],
    ["a fractional power", (x) => goPow(x, 1.7), 51.8, 821.0329591308835],
    ["a negative power", (x) => goPow(x, -7.9), 0.3, 13512.698530181588],
    ["log2 of a subnormal", goLog2, 1e-310, -1029.7977094150824],
  ])("%s (%#)", (_, compute, x, expected) => {
    expect(compute(x)).toBe(expected);
  });
});

describe("special values", () => {
  const ALL = [0, -0, 1, -1, 2, Infinity, -Infinity, Number.NaN];
  it.each<[string, (x: number) => number, (x: number) => number]>([
    ["exp", goExp, Math.exp],
    ["sin", goSin, Math.sin],
    ["cos", goCos, Math.cos],
    ["tan", goTan, Math.tan],
    ["asin", goAsin, Math.asin],
    ["acos", goAcos, Math.acos],
    ["atan", goAtan, Math.atan],
    ["sinh", goSinh, Math.sinh],
    ["cosh", goCosh, Math.cosh],
    ["tanh", goTanh, Math.tanh],
    ["asinh", goAsinh, Math.asinh],
    ["acosh", goAcosh, Math.acosh],
    ["atanh", goAtanh, Math.atanh],
  ])("%s treats zeros, infinities and NaN as everywhere", (_, compute, reference) => {
    for (const x of ALL) {
      const [got, expected] = [compute(x), reference(x)];
      if (Number.isInteger(expected) || !Number.isFinite(expected))
        expect([x, got]).toEqual([x, expected]);
      else expect(got).toBeCloseTo(expected, 14);
    }
  });

  it("atan2 has its quadrants", () => {
    for (const y of [...ALL, 0.5]) {
      for (const x of [...ALL, -3]) {
        const expected = Math.atan2(y, x);
        if (Number.isNaN(expected)) expect(goAtan2(y, x)).toBeNaN();
        else expect(goAtan2(y, x)).toBeCloseTo(expected, 14);
      }
    }
  });
});
