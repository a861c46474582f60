import type { BenchFigure } from '../report.ts';

/** What the design asks of a figure: of its value, or of its ratio to the peer of the same run. */
export interface Aim {
  id: string;
  /** What the figure is, for whoever reads a picture. */
  title: string;
  of: 'value' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

/** The design's table of speeds, and what the benchmarks have aimed at beside it. */
export const AIMS: readonly Aim[] = [
  { id: 'ocsp.prepared_post', title: 'OCSP POST, prepared: bare node:http', of: 'ratio', atLeast: 0.9 },
  { id: 'ocsp.prepared_get', title: 'OCSP GET, prepared: bare node:http', of: 'ratio', atLeast: 0.9 },
  { id: 'ocsp.prepared_p99', title: 'OCSP, prepared, p99', of: 'value', atMost: 10 },
  { id: 'ocsp.nonce_p256', title: 'OCSP with nonce, P-256: limit of its parts', of: 'ratio', atLeast: 0.7 },
  {
    id: 'ocsp.nonce_rsa2048',
    title: 'OCSP with nonce, RSA-2048: bare signatures',
    of: 'ratio',
    atLeast: 0.8,
  },
  { id: 'ocsp.vs_cfssl', title: 'OCSP: cfssl ocspserve', of: 'ratio', atLeast: 5 },
  { id: 'ocsp.vs_openssl', title: 'OCSP: openssl ocsp', of: 'ratio', atLeast: 100 },
  { id: 'ocsp.growth', title: 'OCSP rate, many certificates: few', of: 'value', atLeast: 0.9 },
  { id: 'ocsp.bytes_per_certificate', title: 'OCSP index, octets a certificate', of: 'value', atMost: 150 },
  { id: 'ocsp.revoke_visible_p99', title: 'revocation to every answer, p99', of: 'value', atMost: 1_000 },
  { id: 'ocsp.overload_accepted_p99', title: 'OCSP overloaded, p99', of: 'value', atMost: 100 },
  { id: 'issuance.bulk', title: 'bulk issuance: cfssl serve, nothing stored', of: 'ratio', atLeast: 1 },
  {
    id: 'issuance.bulk_processor',
    title: 'bulk issuance, processor: cfssl serve',
    of: 'ratio',
    atMost: 1,
  },
  { id: 'issuance.interactive_p99', title: 'single issuance, p99', of: 'value', atMost: 50 },
  { id: 'crl.full_1m', title: 'CRL of 1,000,000 from memory', of: 'value', atMost: 0.5 },
  { id: 'crl.again_1m', title: 'CRL after one more revocation', of: 'value', atMost: 0.1 },
  { id: 'crl.cold_1m', title: 'CRL of 1,000,000 from PostgreSQL', of: 'value', atMost: 3 },
  { id: 'crl.memory_1m', title: 'CRL of 1,000,000, memory', of: 'value', atMost: 100 },
  { id: 'crl.memory_published_1m', title: 'CRL from PostgreSQL, memory', of: 'value', atMost: 100 },
  { id: 'sessions.rate', title: 'signature sessions', of: 'value', atLeast: 200 },
  { id: 'sessions.processor', title: 'signature session, processor', of: 'value', atMost: 5 },
  { id: 'validation.cades_p256', title: 'CAdES validations', of: 'value', atLeast: 1_000 },
  { id: 'audit.events', title: 'audit events, durable, in the log', of: 'value', atLeast: 5_000 },
  { id: 'audit.verify_1m', title: 'verifying 1,000,000 leaves', of: 'value', atMost: 60 },
  { id: 'search.p95', title: 'search, p95', of: 'value', atMost: 50 },
  { id: 'scale.search_p95_1m', title: 'search among 1,000,000, p95', of: 'value', atMost: 50 },
  { id: 'scale.growth_ocsp_post', title: 'OCSP rate, largest database: smallest', of: 'value', atLeast: 0.9 },
  { id: 'scale.growth_ocsp_nonce', title: 'the same with a nonce', of: 'value', atLeast: 0.9 },
  {
    id: 'scale.growth_issuance',
    title: 'issuance rate, largest database: smallest',
    of: 'value',
    atLeast: 0.85,
  },
];

const BY_ID: ReadonlyMap<string, Aim> = new Map(AIMS.map((aim) => [aim.id, aim]));

export function aimOf({ id }: Pick<BenchFigure, 'id'>): Aim | undefined {
  return BY_ID.get(id);
}

/** By how much a figure is better than its aim asks: 1 meets it, 2 is twice as good, 0.5 half. */
export function factorOf(aim: Aim, figure: BenchFigure): number {
  const measured = aim.of === 'ratio' ? figure.ratio : figure.value;
  if (measured === undefined) return NaN;
  return aim.atLeast === undefined ? aim.atMost! / measured : measured / aim.atLeast;
}

export function aimText({ atLeast, atMost }: Aim, unit: string): string {
  const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return unit === '' ? bound : `${bound} ${unit}`;
}
