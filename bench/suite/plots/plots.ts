import type { BenchFigure } from '../../report.ts';
import { AIMS, factorOf } from '../aims.ts';
import { numberText } from '../number-text.ts';
import type { SuiteResult } from '../suite-result.ts';
import { barChart } from './bar-chart.ts';
import type { Bar } from './bar-chart.ts';
import { curveChart } from './curve-chart.ts';

/** A picture of a run: what it is called as a file, and what it says to whoever cannot see it. */
export interface Plot {
  name: string;
  alternative: string;
  svg: string;
}

interface Curve {
  name: string;
  title: string;
  unit: string;
  sizeTitle?: string;
  /** Identifiers of curves, and their labels. */
  series: readonly (readonly [id: string, label: string])[];
  isLogarithmic?: boolean;
}

const CERTIFICATES = 'certificates in the database';
const ENTRIES = 'revoked certificates on the CRL';

const CURVES: readonly Curve[] = [
  {
    name: 'growth-ocsp',
    title: 'OCSP over POST, one core',
    unit: 'answers/s',
    series: [
      ['scale.ocsp_post', 'prepared'],
      ['scale.ocsp_nonce', 'nonce, signed each'],
    ],
  },
  {
    name: 'growth-ocsp-latency',
    title: 'OCSP p99, 16 connections',
    unit: 'ms',
    series: [
      ['scale.ocsp_post_p99', 'prepared'],
      ['scale.ocsp_nonce_p99', 'nonce, signed each'],
    ],
  },
  {
    name: 'growth-responder',
    title: 'a responder that starts',
    unit: 's to load the history',
    series: [['scale.ocsp_load', 'from PostgreSQL']],
    isLogarithmic: true,
  },
  {
    name: 'growth-issuance',
    title: 'issuing into the database',
    unit: 'certificates/s',
    series: [
      ['scale.issuance', 'campaign, one core'],
      ['scale.seed', 'seed, all cores'],
    ],
  },
  {
    name: 'growth-search',
    title: 'search',
    unit: 'ms',
    series: [
      ['scale.search_p95', 'p95'],
      ['scale.search_p50', 'median'],
    ],
  },
  {
    name: 'growth-fsck',
    title: 'mohr fsck of everything',
    unit: 's',
    series: [['scale.fsck', 'certificates, statuses, log']],
    isLogarithmic: true,
  },
  {
    name: 'growth-crl-time',
    title: 'a complete CRL',
    unit: 's',
    sizeTitle: ENTRIES,
    series: [
      ['crl.full', 'from memory'],
      ['crl.cold', 'from PostgreSQL'],
    ],
    isLogarithmic: true,
  },
  {
    name: 'growth-crl-memory',
    title: 'memory of a CRL from PostgreSQL',
    unit: 'MiB above idle',
    sizeTitle: ENTRIES,
    series: [['crl.memory_published', 'reading, building, storing']],
  },
];

/** Every picture that the figures of a run allow; a benchmark that failed has none. */
export function plotsOf(result: SuiteResult): Plot[] {
  const figures = result.benches.flatMap(({ report }) => report?.figures ?? []);
  return [aimsPlot(figures), peersPlot(figures), ...CURVES.map((curve) => curvePlot(figures, curve))].flatMap(
    (plot) => plot ?? [],
  );
}

function aimsPlot(figures: readonly BenchFigure[]): Plot | undefined {
  const bars = AIMS.flatMap((aim): Bar[] => {
    const figure = figures.find(({ id }) => id === aim.id);
    const factor = figure ? factorOf(aim, figure) : NaN;
    if (Number.isNaN(factor)) return [];
    return [{ label: aim.id, value: factor, text: numberText(factor), aim: { at: 1, isMet: factor >= 1 } }];
  });
  if (bars.length === 0) return undefined;
  const title = 'How much better than its aim each figure is';
  const met = bars.filter(({ aim }) => aim!.isMet).length;
  return {
    name: 'aims',
    alternative: `${met} of ${bars.length} aims are met`,
    svg: barChart(title, '1: the aim; 2: twice as good', bars),
  };
}

function peersPlot(figures: readonly BenchFigure[]): Plot | undefined {
  const bars = figures.flatMap((figure): Bar[] => {
    const { id, peer, ratio } = figure;
    if (!peer || ratio === undefined || !(ratio > 0)) return [];
    const aim = AIMS.find((one) => one.id === id && one.of === 'ratio');
    const at = aim?.atLeast ?? aim?.atMost;
    return [
      {
        label: id,
        value: ratio,
        text: `${numberText(ratio)} × ${peer.name}`,
        ...(aim && at && { aim: { at, isMet: factorOf(aim, figure) >= 1 } }),
      },
    ];
  });
  if (bars.length === 0) return undefined;
  return {
    name: 'peers',
    alternative: bars.map(({ label, text }) => `${label} ${text}`).join('; '),
    svg: barChart(
      'Beside other software, in the same run',
      'figure divided by the peer’s (of times, less is better); dashed: the aim',
      bars,
    ),
  };
}

function curvePlot(figures: readonly BenchFigure[], curve: Curve): Plot | undefined {
  const series = curve.series.flatMap(([id, label]) => {
    const points = figures
      .flatMap(({ curve: of, value }) => (of?.id === id ? [{ size: of.size, value }] : []))
      .sort((a, b) => a.size - b.size);
    return points.length > 1 ? [{ label, points }] : [];
  });
  if (series.length === 0) return undefined;
  const said = series.map(
    ({ label, points }) => `${label}: ${points.map(({ value }) => numberText(value)).join(', ')}`,
  );
  return {
    name: curve.name,
    alternative: `${curve.title}, ${curve.unit}; ${said.join('; ')}`,
    svg: curveChart({ ...curve, sizeTitle: curve.sizeTitle ?? CERTIFICATES, series }),
  };
}
