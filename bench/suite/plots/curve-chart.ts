import { numberText, sizeText } from '../number-text.ts';
import { linearAxis, logAxis, sizesAxis } from './axis.ts';
import type { Axis } from './axis.ts';
import { SERIES_CLASSES, element, picture } from './svg.ts';

export interface Series {
  label: string;
  points: readonly { size: number; value: number }[];
}

export interface CurveChart {
  title: string;
  unit: string;
  sizeTitle: string;
  series: readonly Series[];
  /** A logarithmic axis for what grows by decades; absent: from nothing. */
  isLogarithmic?: boolean;
}

const [WIDTH, HEIGHT] = [560, 300];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 40, 66, 48];

/** How something grows with the certificates there are; sizes by their logarithm. */
export function curveChart(chart: CurveChart): string {
  const points = chart.series.flatMap((one) => one.points);
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const values = points.map(({ value }) => value);
  const x = sizesAxis(sizes, [LEFT + 20, WIDTH - RIGHT - 20]);
  const span = [HEIGHT - BOTTOM, TOP] as const;
  const y = chart.isLogarithmic ? logAxis(values, span) : linearAxis(Math.max(...values), span);
  return picture({ width: WIDTH, height: HEIGHT, title: `${chart.title} (${chart.unit})` }, [
    ...gridOf(x, y, chart.sizeTitle),
    ...chart.series.flatMap((series, index) => seriesOf(series, index, { x, y, points })),
  ]);
}

function gridOf(x: Axis, y: Axis, sizeTitle: string): string[] {
  return [
    ...y.ticks.flatMap((tick) => [
      element('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y.at(tick), y2: y.at(tick) }),
      element(
        'text',
        { class: 'faint', x: LEFT - 8, y: y.at(tick) + 4, 'text-anchor': 'end' },
        numberText(tick),
      ),
    ]),
    ...x.ticks.map((tick) =>
      element(
        'text',
        { class: 'faint', x: x.at(tick), y: HEIGHT - BOTTOM + 18, 'text-anchor': 'middle' },
        sizeText(tick),
      ),
    ),
    element('text', { class: 'faint', x: WIDTH / 2, y: HEIGHT - 10, 'text-anchor': 'middle' }, sizeTitle),
  ];
}

interface Field {
  x: Axis;
  y: Axis;
  /** Of all series. */
  points: Series['points'];
}

function seriesOf({ label, points }: Series, index: number, { x, y, points: all }: Field): string[] {
  const style = SERIES_CLASSES[index % SERIES_CLASSES.length];
  const places = points.map(({ size, value }) => ({
    cx: x.at(size),
    cy: y.at(value),
    value,
    // Numbers stand clear of the lines: those of the upper one above it, others below theirs.
    offset: all.some((other) => other.size === size && other.value > value) ? 18 : -9,
  }));
  const line = places.map(({ cx, cy }) => `${cx.toFixed(1)},${cy.toFixed(1)}`).join(' ');
  const legend = LEFT + index * 165;
  return [
    element('line', { class: `line ${style}`, x1: legend, x2: legend + 26, y1: 46, y2: 46 }),
    element('text', { x: legend + 32, y: 50 }, label),
    element('polyline', { class: `line ${style}`, points: line }),
    ...places.flatMap(({ cx, cy, value, offset }) => [
      element('circle', { class: `mark ${style}`, cx, cy, r: 3.5 }),
      element('text', { x: cx, y: cy + offset, 'text-anchor': 'middle' }, numberText(value)),
    ]),
  ];
}
