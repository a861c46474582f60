import { parseCertificate } from '../../pki/certificate.ts';
import { median } from '../median.ts';
import type { OcspProcessOrder, OcspProcessReady } from '../ocsp-process-protocol.ts';
import { probe, questionsOf } from '../ocsp-questions.ts';
import { PinnedProcess } from '../pinned-process.ts';
import { runWrk } from '../wrk.ts';
import type { WrkOptions, WrkTarget } from '../wrk.ts';
import type { ScaledDeployment } from './scaled-deployment.ts';

/** The CA of the cards: of two of each three certificates. */
const AUTHORITY_ID = 'silver';

export interface ResponderTerms {
  /** Certificates that are asked about. */
  asked: number;
  /** Runs whose median counts, after one that warms up. */
  runs: number;
  wrk: WrkOptions;
  serverCore: string | undefined;
}

export interface MeasuredResponder {
  postPerSecond: number;
  postP99: number;
  noncePerSecond: number;
  nonceP99: number;
  loadSeconds: number;
  octetsPerCertificate: number;
  residentMib: number;
}

/** A fresh responder that follows the deployment's history: how long it loads, what it keeps, and how it answers. */
export async function measureResponder(
  { pool, settings }: ScaledDeployment,
  { asked, runs, wrk, serverCore }: ResponderTerms,
): Promise<MeasuredResponder> {
  const { rows } = await pool.query<{ serial_number: Buffer; of: string }>(GOOD_SERIALS, [
    AUTHORITY_ID,
    asked,
  ]);
  const certificates = Number(rows[0].of);
  const process = PinnedProcess.start('ocsp-process', serverCore);
  try {
    const order: OcspProcessOrder = {
      keyType: 'p-256',
      certificates,
      databaseUrl: settings.databaseUrl,
      authorityId: AUTHORITY_ID,
    };
    const ready = await process.ask<OcspProcessReady>(order);
    const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
    const serials = rows.map(({ serial_number: serial }) => serial);
    const { plain, withNonce, nonce } = questionsOf(issuer, serials);
    const url = `http://127.0.0.1:${ready.port}/ocsp/${AUTHORITY_ID}`;
    const target = async (requests: Buffer[], given?: Buffer): Promise<WrkTarget> => {
      const { check } = await probe(url, requests[0], issuer, { serials, ...(given && { nonce: given }) });
      return { url, method: 'POST', requests, check };
    };
    const targets = { post: await target(plain), nonce: await target(withNonce, nonce) };
    const measured = { post: [] as Run[], nonce: [] as Run[] };
    for (let run = 0; run <= runs; run += 1)
      for (const kind of ['post', 'nonce'] as const) {
        const result = await runWrk(targets[kind], wrk);
        if (run > 0) measured[kind].push(result);
      }
    const of = (kind: keyof typeof measured, what: keyof Run) =>
      median(measured[kind].map((run) => run[what]));
    return {
      postPerSecond: of('post', 'requestsPerSecond'),
      postP99: of('post', 'p99Milliseconds'),
      noncePerSecond: of('nonce', 'requestsPerSecond'),
      nonceP99: of('nonce', 'p99Milliseconds'),
      loadSeconds: ready.loadSeconds,
      octetsPerCertificate: ready.indexOctets / certificates,
      residentMib: process.memory / 2 ** 20,
    };
  } finally {
    await process.stop();
  }
}

interface Run {
  requestsPerSecond: number;
  p99Milliseconds: number;
}

/** From all over the table; whatever has one change only is good. */
const GOOD_SERIALS = `with all_of as materialized (select serial_number,
    (select count(*) from certificate where authority_id = $1) as "of"
  from certificate c where authority_id = $1 and origin like 'application:%'
    and not exists (select from status_change s where s.authority_id = $1 and s.serial_number = c.serial_number
      and s.event <> 'issued'))
  select serial_number, "of" from all_of order by md5(serial_number::text) limit $2`;
