/** Line feed, the only end of a line. */
export const NEWLINE = 0x0a;
/** The blank. */
export const SPACE = 0x20;
/** The tab, a blank too in text 0.0.4. */
export const TAB = 0x09;
/** `#`, which begins metadata, comments and exemplars. */
export const HASH = 0x23;
/** `{`, before labels. */
export const BRACE_OPEN = 0x7b;
/** `}`, after labels. */
export const BRACE_CLOSE = 0x7d;
/** `"`, around label values and UTF-8 names. */
export const QUOTE = 0x22;
/** `,`, between labels. */
export const COMMA = 0x2c;
/** `=`, between label name and label value. */
export const EQUAL = 0x3d;
/** `\`, which begins an escape. */
export const BACKSLASH = 0x5c;
/** `n`, the escape of a line feed. */
export const LOWER_N = 0x6e;

/** Bit of {@link CHARACTERS}: may begin an unquoted metric name. */
export const METRIC_START = 1;
/** Bit of {@link CHARACTERS}: may stand in an unquoted metric name. */
export const METRIC_PART = 2;
/** Bit of {@link CHARACTERS}: may begin an unquoted label name. */
export const LABEL_START = 4;
/** Bit of {@link CHARACTERS}: may stand in an unquoted label name. */
export const LABEL_PART = 8;

/** By byte: where it may stand in an unquoted name. */
export const CHARACTERS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[a-zA-Z_]/.test(character)) return METRIC_START | METRIC_PART | LABEL_START | LABEL_PART;
  if (/[0-9]/.test(character)) return METRIC_PART | LABEL_PART;
  return character === ":" ? METRIC_START | METRIC_PART : 0;
});
