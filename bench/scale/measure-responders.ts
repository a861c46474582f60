import { parseCertificate } from '../../pki/certificate.ts';
import type { OcspProcessOrder, OcspProcessReady } from '../ocsp-process-protocol.ts';
import { probe, questionsOf } from '../ocsp-questions.ts';
import { PinnedProcess } from '../pinned-process.ts';
import { runWrk } from '../wrk.ts';
import type { WrkOptions, WrkResult, WrkTarget } from '../wrk.ts';
import type { ScaledDeployment } from './scaled-deployment.ts';

/** The CA of the cards: of two of each three certificates. */
const AUTHORITY_ID = 'silver';

const KINDS = ['post', 'nonce'] as const;
type Kind = (typeof KINDS)[number];

export interface ResponderTerms {
  /** Certificates that are asked about. */
  asked: number;
  /** Runs that count, after one that warms up. */
  runs: number;
  wrk: WrkOptions;
  serverCore: string | undefined;
}

export interface MeasuredResponder {
  /** With the answer prepared, and with a nonce. */
  runs: Record<Kind, WrkResult[]>;
  loadSeconds: number;
  octetsPerCertificate: number;
  residentMib: number;
}

/**
 * A fresh responder for each deployment, which follows its history: how long it loads, what it keeps, and how it answers. Their
 * runs alternate, so that all have the same machine.
 */
export async function measureResponders(
  deployments: readonly ScaledDeployment[],
  { asked, runs, wrk, serverCore }: ResponderTerms,
): Promise<MeasuredResponder[]> {
  const responders: FollowingResponder[] = [];
  try {
    for (const deployment of deployments)
      responders.push(await FollowingResponder.start(deployment, asked, serverCore));
    const measured = responders.map((): Record<Kind, WrkResult[]> => ({ post: [], nonce: [] }));
    for (let run = 0; run <= runs; run += 1)
      for (const kind of KINDS)
        for (const [at, responder] of responders.entries()) {
          const result = await runWrk(responder.targets[kind], wrk);
          if (run > 0) measured[at][kind].push(result);
        }
    return responders.map((responder, at) => responder.measured(measured[at]));
  } finally {
    for (const responder of responders) await responder.stop();
  }
}

class FollowingResponder {
  readonly targets: Record<Kind, WrkTarget>;
  readonly #process: PinnedProcess;
  readonly #ready: OcspProcessReady;
  readonly #certificates: number;

  private constructor(
    process: PinnedProcess,
    ready: OcspProcessReady,
    certificates: number,
    targets: Record<Kind, WrkTarget>,
  ) {
    this.#process = process;
    this.#ready = ready;
    this.#certificates = certificates;
    this.targets = targets;
  }

  static async start(
    { pool, settings }: ScaledDeployment,
    asked: number,
    core: string | undefined,
  ): Promise<FollowingResponder> {
    const { rows } = await pool.query<{ serial_number: Buffer; of: string }>(GOOD_SERIALS, [
      AUTHORITY_ID,
      asked,
    ]);
    const certificates = Number(rows[0].of);
    const serials = rows.map(({ serial_number: serial }) => serial);
    const process = PinnedProcess.start('ocsp-process', core);
    try {
      const order: OcspProcessOrder = {
        keyType: 'p-256',
        certificates,
        databaseUrl: settings.databaseUrl,
        authorityId: AUTHORITY_ID,
      };
      const ready = await process.ask<OcspProcessReady>(order);
      const targets = await targetsOf(ready, serials);
      return new FollowingResponder(process, ready, certificates, targets);
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  measured(runs: Record<Kind, WrkResult[]>): MeasuredResponder {
    const { loadSeconds, indexOctets } = this.#ready;
    const octetsPerCertificate = indexOctets / this.#certificates;
    return { runs, loadSeconds, octetsPerCertificate, residentMib: this.#process.memory / 2 ** 20 };
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

async function targetsOf(ready: OcspProcessReady, serials: Buffer[]): Promise<Record<Kind, WrkTarget>> {
  const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
  const { plain, withNonce, nonce } = questionsOf(issuer, serials);
  const url = `http://127.0.0.1:${ready.port}/ocsp/${AUTHORITY_ID}`;
  const target = async (requests: Buffer[], given?: Buffer): Promise<WrkTarget> => {
    const { check } = await probe(url, requests[0], issuer, { serials, ...(given && { nonce: given }) });
    return { url, method: 'POST', requests, check };
  };
  return { post: await target(plain), nonce: await target(withNonce, nonce) };
}

/** From all over the table; whatever has one change only is good. */
const GOOD_SERIALS = `with all_of as materialized (select serial_number,
    (select count(*) from certificate where authority_id = $1) as "of"
  from certificate c where authority_id = $1 and origin like 'application:%'
    and not exists (select from status_change s where s.authority_id = $1 and s.serial_number = c.serial_number
      and s.event <> 'issued'))
  select serial_number, "of" from all_of order by md5(serial_number::text) limit $2`;
