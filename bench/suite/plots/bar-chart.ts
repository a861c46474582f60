import { numberText } from '../number-text.ts';
import { logAxis } from './axis.ts';
import { element, picture } from './svg.ts';

export interface Bar {
  label: string;
  value: number;
  /** Written behind the bar. */
  text: string;
  /** Where its aim lies on the axis, and whether it is met; absent: it has none. */
  aim?: { at: number; isMet: boolean };
}

const WIDTH = 900;
const [LEFT, RIGHT, TOP, ROW, BOTTOM] = [230, 270, 48, 24, 46];

/** Bars from 1 to both sides over a logarithmic axis: twice and half are as far from 1. */
export function barChart(title: string, axisTitle: string, bars: readonly Bar[]): string {
  const height = TOP + bars.length * ROW + BOTTOM;
  const values = [1, ...bars.flatMap(({ value, aim }) => [value, ...(aim ? [aim.at] : [])])];
  const axis = logAxis(values, [LEFT, WIDTH - RIGHT]);
  const end = TOP + bars.length * ROW;
  const grid = axis.ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: axis.at(tick), x2: axis.at(tick), y1: TOP - 6, y2: end }),
    element(
      'text',
      { class: 'faint', x: axis.at(tick), y: end + 16, 'text-anchor': 'middle' },
      numberText(tick),
    ),
  ]);
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return picture({ width: WIDTH, height, title }, [
    ...grid,
    element('text', { class: 'faint', x: middle, y: end + 36, 'text-anchor': 'middle' }, axisTitle),
    ...bars.flatMap((bar, index) => barRow(bar, TOP + index * ROW, axis.at)),
  ]);
}

function barRow({ label, value, text, aim }: Bar, y: number, at: (value: number) => number): string[] {
  const [from, to] = [Math.min(at(1), at(value)), Math.max(at(1), at(value))];
  const colour = !aim ? 'plain' : aim.isMet ? 'met' : 'missed';
  // A bar that ends where it begins is seen all the same.
  const bar = { class: colour, x: from, y: y + 4, width: Math.max(2, to - from), height: ROW - 10 };
  const right = Math.max(to, aim ? at(aim.at) : 0);
  const verdict = aim && !aim.isMet ? ' (missed)' : '';
  return [
    element('text', { x: LEFT - 10, y: y + 15, 'text-anchor': 'end' }, label),
    element('rect', bar),
    ...(aim
      ? [element('line', { class: 'aim', x1: at(aim.at), x2: at(aim.at), y1: y, y2: y + ROW - 2 })]
      : []),
    element('text', { x: right + 8, y: y + 15 }, `${text}${verdict}`),
  ];
}
