import { useSpeech } from '../i18n/language-context.tsx';
import type { Translate } from '../i18n/language-context.tsx';
import styles from './bar-chart.module.css';
import { niceMaximum } from './nice-maximum.ts';

export interface Bar {
  key: string;
  /** Below the bar, and in the table beside the picture. */
  label: string;
  value: number;
  /** On top of the first part, e.g. other reasons on top of compromised keys. */
  second?: number;
}

interface BarChartProps {
  /** What the picture shows, for those who do not see it. */
  caption: string;
  bars: readonly Bar[];
  /** What the parts of a bar mean; one name where there is one part. */
  names: readonly [string, string?];
  tone?: 'seal' | 'warn' | 'bad';
}

const WIDTH = 460;
const HEIGHT = 180;
const FOOT = 26;
const HEAD = 12;
const SCALE = 36;
/** A scale whose half is a whole number. */
const LEAST = 4;
/** Labels that fit without touching. */
const LABELS_MAX = 6;

/** Bars over time, which runs as the page is read. Readers hear total and peak; all numbers are in a table that everybody can open. */
export function BarChart({ caption, bars, names, tone = 'seal' }: BarChartProps) {
  const { direction, format, t } = useSpeech();
  const max = niceMaximum(Math.max(LEAST, ...bars.map(({ value, second = 0 }) => value + second)));
  const step = (WIDTH - SCALE) / Math.max(1, bars.length);
  const height = (value: number) => (value / max) * (HEIGHT - FOOT - HEAD);
  const isMirrored = direction === 'rtl';
  const centre = (index: number) => {
    const along = SCALE + (index + 0.5) * step;
    return isMirrored ? WIDTH - along : along;
  };
  const every = Math.ceil(bars.length / LABELS_MAX);
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.chart}
        data-tone={tone}
        role="img"
        aria-label={`${caption}: ${summaryOf(bars, t)}`}
      >
        {[0, 0.5, 1].map((part) => {
          const y = HEIGHT - FOOT - height(part * max);
          return (
            <g key={part}>
              <line
                className={styles.grid}
                x1={isMirrored ? 0 : SCALE}
                x2={isMirrored ? WIDTH - SCALE : WIDTH}
                y1={y}
                y2={y}
              />
              <text className={styles.scale} x={isMirrored ? WIDTH - SCALE / 2 : SCALE / 2} y={y + 4}>
                {format.number(part * max)}
              </text>
            </g>
          );
        })}
        {bars.map(({ key, label, value, second = 0 }, index) => {
          const width = Math.min(24, step * 0.66);
          const x = centre(index) - width / 2;
          const foot = HEIGHT - FOOT;
          return (
            <g key={key}>
              <title>{`${label}: ${format.number(value + second)}`}</title>
              <rect
                className={styles.bar}
                x={x}
                y={foot - height(value)}
                width={width}
                height={height(value)}
                rx="2"
              />
              {second > 0 && (
                <rect
                  className={styles.second}
                  x={x}
                  y={foot - height(value + second)}
                  width={width}
                  height={height(second)}
                  rx="2"
                />
              )}
              {index % every === 0 && (
                <text className={styles.label} x={centre(index)} y={HEIGHT - 6}>
                  {label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      {names[1] !== undefined && (
        <figcaption className={styles.legend} data-tone={tone}>
          <span className={styles.first}>{names[0]}</span>
          <span className={styles.other}>{names[1]}</span>
        </figcaption>
      )}
      <NumbersTable caption={caption} bars={bars} names={names} />
    </figure>
  );
}

function summaryOf(bars: readonly Bar[], t: Translate): string {
  const peak = bars.reduce<Bar | undefined>(
    (highest, bar) => (highest === undefined || heightOf(bar) > heightOf(highest) ? bar : highest),
    undefined,
  );
  if (peak === undefined || heightOf(peak) === 0) return t('chart.nothing');
  return t('chart.peak', { label: peak.label, count: heightOf(peak) });
}

function heightOf({ value, second = 0 }: Bar): number {
  return value + second;
}

function NumbersTable({ caption, bars, names }: Pick<BarChartProps, 'caption' | 'bars' | 'names'>) {
  const { t, format } = useSpeech();
  return (
    <details className={styles.numbers}>
      <summary>
        {t('chart.numbers')} <span className="visually-hidden">{caption}</span>
      </summary>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t('chart.when')}</th>
              <th scope="col">{names[0]}</th>
              {names[1] !== undefined && <th scope="col">{names[1]}</th>}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ key, label, value, second }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td>{format.number(value)}</td>
                {second !== undefined && <td>{format.number(second)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
