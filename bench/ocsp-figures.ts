import { median } from './median.ts';
import type { PeerAnswers } from './ocsp-peers.ts';
import type { MeasuredLoad } from './ocsp-subjects.ts';
import type { BenchFigure } from './report.ts';

/** What stands beside each other in one round, so that a busy machine meets all of it. */
export interface OcspRound {
  barePost: MeasuredLoad;
  post: MeasuredLoad;
  postSmall: MeasuredLoad;
  bareAtOnce: MeasuredLoad;
  bareGet: MeasuredLoad;
  get: MeasuredLoad;
  nonce: MeasuredLoad;
  nonceSmall: MeasuredLoad;
  rsa: MeasuredLoad;
  /** Bare signatures a second. */
  sign: number;
  signRsa: number;
}

export type OcspLoadName = Exclude<keyof OcspRound, 'sign' | 'signRsa'>;

/** The figures of rounds: medians, ratios taken within each round. */
export function roundFigures(rounds: readonly OcspRound[]): BenchFigure[] {
  const of = (value: (one: OcspRound) => number) => median(rounds.map(value));
  const rate = (name: OcspLoadName) => of((one) => one[name].requestsPerSecond);
  const cpu = (name: OcspLoadName) => of((one) => one[name].cpuMicroseconds);
  const p99 = (name: OcspLoadName) => of((one) => one[name].p99Milliseconds);
  const times = (name: OcspLoadName, peer: OcspLoadName) =>
    of((one) => one[name].requestsPerSecond / one[peer].requestsPerSecond);
  const nonceLimit = (one: OcspRound) => 1 / (1 / one.barePost.requestsPerSecond + 1 / one.sign);
  const signRsa = of((one) => one.signRsa);
  return [
    against('prepared_post', rate('post'), 'node:http', rate('barePost'), {
      ratio: times('post', 'barePost'),
    }),
    against('prepared_get', rate('get'), 'node:http', rate('bareGet'), { ratio: times('get', 'bareGet') }),
    against('prepared_post_at_once', rate('post'), 'node:http that does not wait', rate('bareAtOnce'), {
      ratio: times('post', 'bareAtOnce'),
    }),
    figure('prepared_p99', Math.max(p99('post'), p99('get')), 'ms'),
    against('prepared_post_cpu', cpu('post'), 'node:http', cpu('barePost'), { unit: 'µs' }),
    against('prepared_get_cpu', cpu('get'), 'node:http', cpu('bareGet'), { unit: 'µs' }),
    against('nonce_p256', rate('nonce'), '1/(1/node:http + 1/sign)', of(nonceLimit), {
      ratio: of((one) => one.nonce.requestsPerSecond / nonceLimit(one)),
    }),
    figure('sign_p256', median(rounds.map(({ sign }) => sign)), 'signatures/s'),
    against('nonce_rsa2048', rate('rsa'), 'sign', signRsa, {
      ratio: of((one) => one.rsa.requestsPerSecond / one.signRsa),
    }),
    // The worse of both: with the answer prepared, and with a look-up and a signature each.
    figure('growth', Math.min(times('post', 'postSmall'), times('nonce', 'nonceSmall')), 'of the rate'),
  ];
}

export interface PeerRound {
  ours: MeasuredLoad;
  theirs: PeerAnswers;
}

/** By the rate, and by the processor time of one answer: that does not depend on who asks, nor over how many connections. */
export function peerFigures(id: string, name: string, rounds: readonly PeerRound[]): BenchFigure[] {
  const of = (value: (round: PeerRound) => number) => median(rounds.map(value));
  const rate = of(({ ours }) => ours.requestsPerSecond);
  const theirRate = of(({ theirs }) => theirs.answersPerSecond);
  const cpu = of(({ ours }) => ours.cpuMicroseconds);
  const theirCpu = of(({ theirs }) => theirs.cpuMicroseconds);
  return [
    against(id, rate, name, theirRate, {
      ratio: of(({ ours, theirs }) => ours.requestsPerSecond / theirs.answersPerSecond),
    }),
    against(`${id}_cpu`, cpu, name, theirCpu, {
      unit: 'µs',
      ratio: of(({ ours, theirs }) => theirs.cpuMicroseconds / ours.cpuMicroseconds),
    }),
  ];
}

export function figure(id: string, value: number, unit: string): BenchFigure {
  return { id: `ocsp.${id}`, value: Math.round(value * 1000) / 1000, unit };
}

function against(
  id: string,
  value: number,
  name: string,
  peer: number,
  { ratio = value / peer, unit = 'answers/s' }: { ratio?: number; unit?: string },
): BenchFigure {
  return {
    id: `ocsp.${id}`,
    value: Math.round(value * 10) / 10,
    unit,
    peer: { name, value: Math.round(peer * 10) / 10 },
    ratio: Math.round(ratio * 1000) / 1000,
  };
}
