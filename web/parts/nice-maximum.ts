/** The next of 1, 2, 4, 5, 10, 20, 40, 50 … above: scales that are read at a glance, with a whole half where there can be one. */
export function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
