import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import { figure, peerFigures, roundFigures } from './ocsp-figures.ts';
import type { OcspLoadName, OcspRound, PeerRound } from './ocsp-figures.ts';
import { measureOverload } from './ocsp-overload.ts';
import { openCfsslResponder, openOpensslResponder } from './ocsp-peers.ts';
import { measureRevocations } from './ocsp-revocations.ts';
import { OcspSubjects, noncePost, plainGet, plainPost, signaturesPerSecond } from './ocsp-subjects.ts';
import type { BareServer, OcspSubject } from './ocsp-subjects.ts';
import { measureWorkers } from './ocsp-workers.ts';
import { benchCores } from './pinned-process.ts';
import type { PinnedProcess } from './pinned-process.ts';
import type { BenchFigure, BenchReport } from './report.ts';
import { wrkVersion } from './wrk.ts';
import type { WrkTarget } from './wrk.ts';

export interface OcspBenchOptions {
  /** Certificates that the responder knows, and those of the small one that it is compared with. */
  certificates: number;
  fewCertificates: number;
  /** Certificates that are asked about. */
  asked: number;
  /** Runs whose median counts, after one that warms up; 0: that one counts. */
  runs: number;
  /** Whether the other responders that are installed are measured too. */
  peers: boolean;
  /** Seconds of one run; wrk takes whole ones. */
  seconds: number;
  connections: number;
  /** Seconds of the overload; 300 shows whether memory stays flat. */
  overloadSeconds: number;
  /** Revocations whose way to an answer is measured, where PostgreSQL is installed; 0: none. */
  revocations: number;
  /** Whether two processes on one port are measured against one. */
  workers: boolean;
}

const DEFAULTS: OcspBenchOptions = {
  certificates: 1_000_000,
  fewCertificates: 10_000,
  asked: 1_000,
  runs: 5,
  peers: true,
  seconds: 1,
  connections: 16,
  overloadSeconds: 10,
  revocations: 200,
  workers: true,
};

/**
 * The responder of `mohr serve --roles ocsp` on one core, loaded by wrk from another, which checks every body; in turns with
 * its peers. The base is a bare node:http server that reads the request and sends a constant body of the same size.
 */
export async function benchOcsp(options: Partial<OcspBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const version = await wrkVersion();
  if (version === undefined)
    throw new DomainError('usage', 'mohr bench ocsp needs wrk (Debian: apt-get install wrk)');
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-ocsp-'));
  const { connections, seconds } = settings;
  const subjects = new OcspSubjects({ folder, connections, seconds });
  try {
    const figures = await measure(settings, subjects);
    return { bench: 'ocsp', conditions: { ...conditionsOf(settings), wrk: version }, figures };
  } finally {
    await subjects.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(settings: OcspBenchOptions, subjects: OcspSubjects): Promise<BenchFigure[]> {
  const { certificates, fewCertificates, asked, runs, overloadSeconds, revocations } = settings;
  const large = await subjects.start({ keyType: 'p-256', certificates, asked });
  const small = await subjects.start({ keyType: 'p-256', certificates: fewCertificates, asked });
  const rsa = await subjects.start({ keyType: 'rsa-2048', certificates: fewCertificates, asked });
  const bare = await subjects.startBare(large.plain.body.length);
  const figures = roundFigures(await measureRounds(subjects, { large, small, rsa, bare }, runs));
  if (settings.peers) figures.push(...(await measurePeers(subjects, large, runs)));
  figures.push(
    figure('bytes_per_certificate', large.ready.indexOctets / certificates, 'octets'),
    figure('load_seconds', large.ready.loadSeconds, 's'),
  );
  const overload = { url: rsa.url, request: rsa.questions.withNonce[0], seconds: overloadSeconds };
  const saturated = figures.find(({ id }) => id === 'ocsp.nonce_rsa2048')!.value;
  figures.push(...(await measureOverload({ ...overload, perSecond: 2 * saturated }, rsa.process)));
  if (revocations > 0) figures.push(...(await measureRevocations(revocations)));
  if (settings.workers) {
    const wrk = { ...subjects.wrk, core: undefined };
    figures.push(...(await measureWorkers({ certificates: fewCertificates, asked, runs, wrk })));
  }
  return figures;
}

interface Compared {
  large: OcspSubject;
  small: OcspSubject;
  rsa: OcspSubject;
  bare: BareServer;
}

/** Each run of ours stands beside that of what it is compared with, so that a busy machine meets both. */
async function measureRounds(
  subjects: OcspSubjects,
  { large, small, rsa, bare }: Compared,
  runs: number,
): Promise<OcspRound[]> {
  const post = plainPost(large);
  const loads: Record<OcspLoadName, { target: WrkTarget; process: PinnedProcess }> = {
    barePost: { target: bare.target('waits', post), process: bare.process },
    post: { target: post, process: large.process },
    postSmall: { target: plainPost(small), process: small.process },
    bareAtOnce: { target: bare.target('at-once', post), process: bare.process },
    bareGet: { target: bare.target('waits', plainGet(large)), process: bare.process },
    get: { target: plainGet(large), process: large.process },
    nonce: { target: noncePost(large), process: large.process },
    nonceSmall: { target: noncePost(small), process: small.process },
    rsa: { target: noncePost(rsa), process: rsa.process },
  };
  return inRounds(runs, async () => {
    const round = {} as OcspRound;
    for (const [name, { target, process }] of Object.entries(loads))
      round[name as OcspLoadName] = await subjects.load(target, process);
    round.sign = await signaturesPerSecond(large);
    round.signRsa = await signaturesPerSecond(rsa);
    return round;
  });
}

/** Peers that are installed, with the same certificate and the same key. */
async function measurePeers(
  subjects: OcspSubjects,
  large: OcspSubject,
  runs: number,
): Promise<BenchFigure[]> {
  const start = { ...large, folder: subjects.wrk.folder, core: subjects.cores?.server };
  const peers = [
    { id: 'vs_cfssl', name: 'cfssl ocspserve', peer: await openCfsslResponder(start) },
    { id: 'vs_openssl', name: 'openssl ocsp', peer: await openOpensslResponder(start) },
  ];
  const figures: BenchFigure[] = [];
  for (const { id, name, peer } of peers) {
    if (!peer) continue;
    subjects.add(() => peer.stop());
    const rounds = await inRounds(runs, async (): Promise<PeerRound> => {
      const ours = await subjects.load(plainPost(large), large.process);
      return { ours, theirs: await peer.ask(subjects.wrk) };
    });
    figures.push(...peerFigures(id, name, rounds));
  }
  return figures;
}

/** The rounds that count: after one that warms up, or, of none, that one. */
async function inRounds<Round>(runs: number, round: () => Promise<Round>): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let run = 0; run <= runs; run += 1) rounds.push(await round());
  return runs === 0 ? rounds : rounds.slice(1);
}

function conditionsOf(settings: OcspBenchOptions): BenchReport['conditions'] {
  const cores = benchCores();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    pinned: cores ? `server to core ${cores.server}, load to core ${cores.load}` : 'no',
    ...settings,
    peers: settings.peers ? 'those that are installed' : 'none',
    workers: settings.workers ? '2 processes, on any core, beside wrk' : 'not measured',
  };
}
