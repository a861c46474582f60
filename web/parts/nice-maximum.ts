/** The next of 1, 2, 4, 6, 8, 10, 20, 40 … above: scales that are read at a glance, with a whole half from 2 on. */
export function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
