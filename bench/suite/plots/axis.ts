/** Where on the picture a value lies, and where lines of a grid help to read it. */
export interface Axis {
  at(value: number): number;
  ticks: readonly number[];
}

type Span = readonly [from: number, to: number];

/** Values from nothing up to at least `max`, in three to six even steps. */
export function linearAxis(max: number, [from, to]: Span): Axis {
  const step = evenStep(max);
  const top = Math.ceil(max / step) * step || step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { at: (value) => from + ((to - from) * value) / top, ticks };
}

/** Whole decades around the values. */
export function logAxis(values: readonly number[], span: Span): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { at: logScale(10 ** low, 10 ** high, span), ticks };
}

/** Exactly the values, spread by their logarithms. */
export function sizesAxis(sizes: readonly number[], span: Span): Axis {
  const [first, last] = [sizes[0], sizes.at(-1)!];
  return { at: first === last ? () => (span[0] + span[1]) / 2 : logScale(first, last, span), ticks: sizes };
}

function logScale(low: number, high: number, [from, to]: Span): (value: number) => number {
  return (value) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
}

/** 1, 2 or 5 times a power of ten. */
function evenStep(max: number): number {
  if (!(max > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(max / 3));
  const factor = [1, 2, 5, 10].find((one) => max / (one * power) <= 5.5)!;
  return factor * power;
}
