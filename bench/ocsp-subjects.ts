import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { BENCH_AUTHORITY_ID } from './bench-statuses.ts';
import type { BenchKeyType } from './ocsp-authority.ts';
import type { OcspProcessOrder, OcspProcessReady, SignOrder } from './ocsp-process-protocol.ts';
import { asGet, probe, questionsAbout } from './ocsp-questions.ts';
import type { Probe, Questions } from './ocsp-questions.ts';
import { PinnedProcess, benchCores } from './pinned-process.ts';
import { runWrk } from './wrk.ts';
import type { WrkOptions, WrkResult, WrkTarget } from './wrk.ts';

/** Octets of ResponseData with one certificate and a nonce, for the rate of bare signatures. */
const SIGNED_OCTETS = 330;
const SIGN_MILLISECONDS = 500;

/** A responder that is measured. */
export interface OcspSubject {
  process: PinnedProcess;
  ready: OcspProcessReady;
  issuer: Certificate;
  questions: Questions;
  url: string;
  plain: Probe;
  nonce: Probe;
}

/** The bare node:http server. */
export interface BareServer {
  process: PinnedProcess;
  /** The same requests at another address, answered with the constant body. */
  target(path: string, like: WrkTarget): WrkTarget;
}

export interface MeasuredLoad extends WrkResult {
  /** Processor time of the server for one answer, in microseconds. */
  cpuMicroseconds: number;
}

export interface SubjectTerms {
  keyType: BenchKeyType;
  certificates: number;
  /** Certificates that are asked about. */
  asked: number;
}

/** Starts what is measured, each on the server's core, and loads it from the other. */
export class OcspSubjects {
  readonly cores = benchCores();
  readonly wrk: WrkOptions;
  readonly #stops: (() => Promise<void>)[] = [];

  constructor(wrk: Omit<WrkOptions, 'core'>) {
    this.wrk = { ...wrk, core: this.cores?.load };
  }

  /** Whatever else was started, to be stopped with all the rest. */
  add(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }

  async start({ keyType, certificates, asked }: SubjectTerms): Promise<OcspSubject> {
    const process = this.#process('ocsp-process');
    const order: OcspProcessOrder = { keyType, certificates };
    const ready = await process.ask<OcspProcessReady>(order);
    const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
    const questions = questionsAbout(issuer, certificates, asked);
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

  /** `octets`: of its constant body. */
  async startBare(octets: number): Promise<BareServer> {
    const process = this.#process('bare-http-process');
    const { port } = await process.ask<{ port: number }>({ octets });
    const check = { octets: [octets, octets] as [number, number] };
    return {
      process,
      target: (path, like) => ({ ...like, url: `http://127.0.0.1:${port}/${path}`, check }),
    };
  }

  async load(target: WrkTarget, process: PinnedProcess): Promise<MeasuredLoad> {
    const before = process.cpuMicroseconds;
    const result = await runWrk(target, this.wrk);
    return { ...result, cpuMicroseconds: (process.cpuMicroseconds - before) / result.requests };
  }

  #process(name: string): PinnedProcess {
    const process = PinnedProcess.start(name, this.cores?.server);
    this.add(() => process.stop());
    return process;
  }
}

export function plainPost({ url, questions, plain }: OcspSubject): WrkTarget {
  return { url, method: 'POST', requests: questions.plain, check: plain.check };
}

export function plainGet({ url, questions, plain }: OcspSubject): WrkTarget {
  return { url, method: 'GET', requests: asGet(new URL(url).pathname, questions), check: plain.check };
}

export function noncePost({ url, questions, nonce }: OcspSubject): WrkTarget {
  return { url, method: 'POST', requests: questions.withNonce, check: nonce.check };
}

/** What the subject's key signs in a second, and nothing else. */
export async function signaturesPerSecond({ process }: OcspSubject): Promise<number> {
  const order: SignOrder = { signMilliseconds: SIGN_MILLISECONDS, octets: SIGNED_OCTETS };
  return process.ask<number>(order);
}
