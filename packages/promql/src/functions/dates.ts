import type { EvalContext } from "../eval/context.ts";
import type { Value } from "../eval/operator.ts";
import { stepTime } from "../eval/steps.ts";
import type { Call } from "../syntax/ast.ts";
import { openVector } from "./arguments.ts";
import { type ColumnChange, changeFloats } from "./elementwise.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { vectorOfNumbers } from "./scalars.ts";

const SECONDS_PER_DAY = 86_400;

/** A part of the date in UTC, from days since 1970-01-01 and the seconds of the day. */
type DatePart = (day: number, second: number) => number;

function openDate(part: DatePart, call: Call, context: EvalContext): Promise<Value> {
  return call.args.length === 0
    ? openDateOfStep(part, context)
    : openDateOfVector(part, call, context);
}

/** Without an argument, a date function tells of the time of evaluation, in whole seconds. */
async function openDateOfStep(part: DatePart, { steps }: EvalContext): Promise<Value> {
  const dates = new Float64Array(steps.count);
  for (let k = 0; k < dates.length; k++) dates[k] = dateOf(stepTime(steps, k) / 1000, part);
  return { type: "vector", vector: vectorOfNumbers(dates) };
}

async function openDateOfVector(part: DatePart, call: Call, context: EvalContext): Promise<Value> {
  const change: ColumnChange = ({ present, values }, from, to) => {
    for (let k = from; k < to; k++)
      if (present[k] !== 0) values[k] = dateOf(values[k] as number, part);
  };
  const vector = await openVector(call, 0, context);
  return { type: "vector", vector: await changeFloats(vector, change, context) };
}

/** Part of the date at a time in seconds since 1970; fractions are cut off, towards zero. */
function dateOf(time: number, part: DatePart): number {
  const seconds = Math.trunc(time);
  if (!Number.isSafeInteger(seconds)) return dateOfGreat(seconds, part);
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  return part(day, seconds - day * SECONDS_PER_DAY);
}

const MIN_INT64 = -(2n ** 63n);
/** Seconds from Go's earliest date, in the year −292277022399, to 1970. */
const GO_EPOCH = 9_223_372_028_715_321_600n;

/**
 * The same for what no float counts exactly. What fits no integer of 64 bits, NaN too, is its smallest, and what is
 * before Go's earliest date comes again after its last: as in Prometheus on amd64.
 */
function dateOfGreat(time: number, part: DatePart): number {
  const fits = time >= -(2 ** 63) && time < 2 ** 63;
  let seconds = fits ? BigInt(time) : MIN_INT64;
  if (seconds < -GO_EPOCH) seconds += 2n ** 64n;
  const second = Number(((seconds % 86_400n) + 86_400n) % 86_400n);
  return part(Number((seconds - BigInt(second)) / 86_400n), second);
}

interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** Days from 0000-03-01 to 1970-01-01: years that begin in March have the leap day at their end. */
const MARCH_EPOCH = 719_468;
const DAYS_PER_400_YEARS = 146_097;

/** The date in the Gregorian calendar, which holds for all times here. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
function civilDate(daysSince1970: number): CivilDate {
  const days = daysSince1970 + MARCH_EPOCH;
  const era = Math.floor(days / DAYS_PER_400_YEARS);
  const dayOfEra = days - era * DAYS_PER_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthSinceMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthSinceMarch < 10 ? monthSinceMarch + 3 : monthSinceMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthSinceMarch + 2) / 5) + 1,
  };
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth({ year, month }: CivilDate): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] as number);
}

/** 1 to 366. */
function dayOfYear({ year, month, day }: CivilDate): number {
  let days = day;
  for (let before = 1; before < month; before++) days += daysInMonth({ year, month: before, day });
  return days;
}

/** 0, Sunday, to 6; 1970-01-01 was a Thursday. */
function dayOfWeek(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function dateFunction(part: DatePart): FunctionImplementation {
  return (call, context) => openDate(part, call, context);
}

/** The functions that tell parts of dates, in UTC. */
export const dateFunctions: Readonly<Record<string, FunctionImplementation>> = {
  day_of_month: dateFunction((day) => civilDate(day).day),
  day_of_week: dateFunction(dayOfWeek),
  day_of_year: dateFunction((day) => dayOfYear(civilDate(day))),
  days_in_month: dateFunction((day) => daysInMonth(civilDate(day))),
  hour: dateFunction((_, second) => Math.floor(second / 3600)),
  minute: dateFunction((_, second) => Math.floor((second % 3600) / 60)),
  month: dateFunction((day) => civilDate(day).month),
  year: dateFunction((day) => civilDate(day).year),
};
