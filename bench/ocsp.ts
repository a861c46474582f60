import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { BENCH_AUTHORITY_ID } from './bench-statuses.ts';
import { median } from './median.ts';
import type { BenchKeyType } from './ocsp-authority.ts';
import { measureOverload } from './ocsp-overload.ts';
import type { OcspProcessOrder, OcspProcessReady, SignOrder } from './ocsp-process-protocol.ts';
import { measureRevocations } from './ocsp-revocations.ts';
import { measureWorkers } from './ocsp-workers.ts';
import { openCfsslResponder, openOpensslResponder } from './ocsp-peers.ts';
import type { OcspPeer, PeerAnswers } from './ocsp-peers.ts';
import { asGet, probe, questionsAbout } from './ocsp-questions.ts';
import type { Probe, Questions } from './ocsp-questions.ts';
import { PinnedProcess, benchCores } from './pinned-process.ts';
import type { BenchFigure, BenchReport } from './report.ts';
import { runWrk, wrkVersion } from './wrk.ts';
import type { WrkOptions, WrkResult, WrkTarget } from './wrk.ts';

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

/** Octets of ResponseData with one certificate and a nonce, for the rate of bare signatures. */
const SIGNED_OCTETS = 330;
const SIGN_MILLISECONDS = 500;

interface Subject {
  process: PinnedProcess;
  ready: OcspProcessReady;
  issuer: Certificate;
  questions: Questions;
  url: string;
  plain: Probe;
  nonce: Probe;
}

interface Measured extends WrkResult {
  /** Processor time of the server for one answer, in microseconds. */
  cpuMicroseconds: number;
}

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
  const run = new OcspRun(settings, folder);
  try {
    const figures = await run.measure();
    return { bench: 'ocsp', conditions: { ...conditionsOf(settings), wrk: version }, figures };
  } finally {
    await run.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

class OcspRun {
  readonly #settings: OcspBenchOptions;
  readonly #folder: string;
  readonly #cores = benchCores();
  readonly #stops: (() => Promise<void>)[] = [];

  constructor(settings: OcspBenchOptions, folder: string) {
    this.#settings = settings;
    this.#folder = folder;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }

  async measure(): Promise<BenchFigure[]> {
    const { certificates, fewCertificates, overloadSeconds, revocations, workers } = this.#settings;
    const large = await this.#start('p-256', certificates);
    const small = await this.#start('p-256', fewCertificates);
    const rsa = await this.#start('rsa-2048', fewCertificates);
    const bare = await this.#startBare(large.plain.body.length);
    const figures = await this.#compare(large, small, rsa, bare);
    if (this.#settings.peers) figures.push(...(await this.#comparePeers(large)));
    figures.push(
      figure('bytes_per_certificate', large.ready.indexOctets / certificates, 'octets'),
      figure('load_seconds', large.ready.loadSeconds, 's'),
    );
    const overload = { url: rsa.url, request: rsa.questions.withNonce[0], seconds: overloadSeconds };
    const saturated = figures.find(({ id }) => id === 'ocsp.nonce_rsa2048')!.value;
    figures.push(...(await measureOverload({ ...overload, perSecond: 2 * saturated }, rsa.process)));
    if (revocations > 0) figures.push(...(await measureRevocations(revocations)));
    if (workers) figures.push(...(await this.#measureWorkers()));
    return figures;
  }

  /** Each run of ours stands beside that of what it is compared with, so that a busy machine meets both. */
  async #compare(large: Subject, small: Subject, rsa: Subject, bare: Bare): Promise<BenchFigure[]> {
    const post = this.#plainPost(large);
    const targets = {
      barePost: { target: bare.target('waits', post), process: bare.process },
      post: { target: post, process: large.process },
      postSmall: { target: this.#plainPost(small), process: small.process },
      bareAtOnce: { target: bare.target('at-once', post), process: bare.process },
      bareGet: { target: bare.target('waits', this.#plainGet(large)), process: bare.process },
      get: { target: this.#plainGet(large), process: large.process },
      nonce: { target: this.#noncePost(large), process: large.process },
      nonceSmall: { target: this.#noncePost(small), process: small.process },
      rsa: { target: this.#noncePost(rsa), process: rsa.process },
    };
    const runs: (Record<keyof typeof targets, Measured> & { sign: number; signRsa: number })[] = [];
    for (let run = 0; run <= this.#settings.runs; run += 1) {
      const measured = {} as Record<keyof typeof targets, Measured>;
      for (const [name, { target, process }] of Object.entries(targets))
        measured[name as keyof typeof targets] = await this.#load(target, process);
      const sign = await signatures(large.process);
      const signRsa = await signatures(rsa.process);
      if (run > 0 || this.#settings.runs === 0) runs.push({ ...measured, sign, signRsa });
    }
    const of = (value: (one: (typeof runs)[number]) => number) => median(runs.map(value));
    const rate = (name: keyof typeof targets) => of((one) => one[name].requestsPerSecond);
    const cpu = (name: keyof typeof targets) => of((one) => one[name].cpuMicroseconds);
    const nonceLimit = (one: (typeof runs)[number]) =>
      1 / (1 / one.barePost.requestsPerSecond + 1 / one.sign);
    return [
      against('prepared_post', rate('post'), 'node:http', rate('barePost'), {
        ratio: of((one) => one.post.requestsPerSecond / one.barePost.requestsPerSecond),
      }),
      against('prepared_get', rate('get'), 'node:http', rate('bareGet'), {
        ratio: of((one) => one.get.requestsPerSecond / one.bareGet.requestsPerSecond),
      }),
      against('prepared_post_at_once', rate('post'), 'node:http that does not wait', rate('bareAtOnce'), {
        ratio: of((one) => one.post.requestsPerSecond / one.bareAtOnce.requestsPerSecond),
      }),
      figure(
        'prepared_p99',
        Math.max(
          of((one) => one.post.p99Milliseconds),
          of((one) => one.get.p99Milliseconds),
        ),
        'ms',
      ),
      against('prepared_post_cpu', cpu('post'), 'node:http', cpu('barePost'), { unit: 'µs' }),
      against('prepared_get_cpu', cpu('get'), 'node:http', cpu('bareGet'), { unit: 'µs' }),
      against('nonce_p256', rate('nonce'), '1/(1/node:http + 1/sign)', of(nonceLimit), {
        ratio: of((one) => one.nonce.requestsPerSecond / nonceLimit(one)),
      }),
      figure(
        'sign_p256',
        of(({ sign }) => sign),
        'signatures/s',
      ),
      against(
        'nonce_rsa2048',
        rate('rsa'),
        'sign',
        of(({ signRsa }) => signRsa),
        {
          ratio: of((one) => one.rsa.requestsPerSecond / one.signRsa),
        },
      ),
      // The worse of both: with the answer prepared, and with a look-up and a signature each.
      figure(
        'growth',
        Math.min(
          of((one) => one.post.requestsPerSecond / one.postSmall.requestsPerSecond),
          of((one) => one.nonce.requestsPerSecond / one.nonceSmall.requestsPerSecond),
        ),
        'of the rate',
      ),
    ];
  }

  #measureWorkers(): Promise<BenchFigure[]> {
    const { fewCertificates: certificates, asked, runs } = this.#settings;
    return measureWorkers({ certificates, asked, runs, wrk: { ...this.#wrkOptions(), core: undefined } });
  }

  /** Peers that are installed, with the same certificate and the same key. */
  async #comparePeers(large: Subject): Promise<BenchFigure[]> {
    const start = { ...large, folder: this.#folder, core: this.#cores?.server };
    const peers = [
      { id: 'vs_cfssl', name: 'cfssl ocspserve', peer: await openCfsslResponder(start) },
      { id: 'vs_openssl', name: 'openssl ocsp', peer: await openOpensslResponder(start) },
    ];
    const figures: BenchFigure[] = [];
    for (const { id, name, peer } of peers) {
      if (!peer) continue;
      this.#stops.push(() => peer.stop());
      figures.push(...(await this.#comparePeer(id, name, peer, large)));
    }
    return figures;
  }

  /** By the rate, and by the processor time of one answer: that does not depend on who asks, nor over how many connections. */
  async #comparePeer(id: string, name: string, peer: OcspPeer, large: Subject): Promise<BenchFigure[]> {
    const rounds: { ours: Measured; theirs: PeerAnswers }[] = [];
    for (let run = 0; run <= this.#settings.runs; run += 1) {
      const ours = await this.#load(this.#plainPost(large), large.process);
      const theirs = await peer.ask(this.#wrkOptions());
      if (run > 0 || this.#settings.runs === 0) rounds.push({ ours, theirs });
    }
    const of = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value));
    return [
      against(
        id,
        of(({ ours }) => ours.requestsPerSecond),
        name,
        of(({ theirs }) => theirs.answersPerSecond),
        { ratio: of(({ ours, theirs }) => ours.requestsPerSecond / theirs.answersPerSecond) },
      ),
      against(
        `${id}_cpu`,
        of(({ ours }) => ours.cpuMicroseconds),
        name,
        of(({ theirs }) => theirs.cpuMicroseconds),
        { unit: 'µs', ratio: of(({ ours, theirs }) => theirs.cpuMicroseconds / ours.cpuMicroseconds) },
      ),
    ];
  }

  async #start(keyType: BenchKeyType, certificates: number): Promise<Subject> {
    const process = PinnedProcess.start('ocsp-process', this.#cores?.server);
    this.#stops.push(() => process.stop());
    const order: OcspProcessOrder = { keyType, certificates };
    const ready = await process.ask<OcspProcessReady>(order);
    const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
    const questions = questionsAbout(issuer, certificates, this.#settings.asked);
    const { serials, nonce } = questions;
    const url = `http://127.0.0.1:${ready.port}/ocsp/${BENCH_AUTHORITY_ID}`;
    return {
      process,
      ready,
      issuer,
      questions,
      url,
      plain: await probe(url, questions.plain[0], issuer, { serials }),
      nonce: await probe(url, questions.withNonce[0], issuer, { serials, nonce }),
    };
  }

  async #startBare(octets: number): Promise<Bare> {
    const process = PinnedProcess.start('bare-http-process', this.#cores?.server);
    this.#stops.push(() => process.stop());
    const { port } = await process.ask<{ port: number }>({ octets });
    const check = { octets: [octets, octets] as [number, number] };
    return {
      process,
      target: (path, like) => ({ ...like, url: `http://127.0.0.1:${port}/${path}`, check }),
    };
  }

  async #load(target: WrkTarget, process: PinnedProcess): Promise<Measured> {
    const before = process.cpuMicroseconds;
    const result = await runWrk(target, this.#wrkOptions());
    return { ...result, cpuMicroseconds: (process.cpuMicroseconds - before) / result.requests };
  }

  #wrkOptions(): WrkOptions {
    const { connections, seconds } = this.#settings;
    return { folder: this.#folder, connections, seconds, core: this.#cores?.load };
  }

  #plainPost({ url, questions, plain }: Subject): WrkTarget {
    return { url, method: 'POST', requests: questions.plain, check: plain.check };
  }

  #plainGet({ url, questions, plain }: Subject): WrkTarget {
    return { url, method: 'GET', requests: asGet(new URL(url).pathname, questions), check: plain.check };
  }

  #noncePost({ url, questions, nonce }: Subject): WrkTarget {
    return { url, method: 'POST', requests: questions.withNonce, check: nonce.check };
  }
}

interface Bare {
  process: PinnedProcess;
  /** The same requests at another address, answered with the constant body. */
  target(path: string, like: WrkTarget): WrkTarget;
}

async function signatures(process: PinnedProcess): Promise<number> {
  const order: SignOrder = { signMilliseconds: SIGN_MILLISECONDS, octets: SIGNED_OCTETS };
  return process.ask<number>(order);
}

function figure(id: string, value: number, unit: string): BenchFigure {
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
