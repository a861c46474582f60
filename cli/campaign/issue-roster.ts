import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { CaError } from '../../ca/ca-error.ts';
import type { Pace } from '../../ca/campaign/pace.ts';
import type { RosterRow } from '../../ca/campaign/roster.ts';
import type { IssuedCertificate } from '../../ca/issue/certificate-store.ts';
import { errorCode } from '../../core/errors.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { originOf } from '../../ra/application.ts';
import { actorOf } from '../../ra/officer.ts';
import { RaError } from '../../ra/ra-error.ts';
import type { CampaignHouse } from './campaign-house.ts';
import { issueTokens, requestOf } from './issue-tokens.ts';
import type { Candidate, PreparedRow, TokenRun } from './issue-tokens.ts';
import type { CheckReplaced } from './replaced-certificate.ts';
import { byLine, issuedRow, refusal, wouldIssue } from './row-result.ts';
import type { RowResult } from './row-result.ts';
import { applicationOfRow } from './roster-application.ts';
import type { RosterTerms } from './roster-application.ts';

export interface RosterRun extends TokenRun {
  terms: Omit<RosterTerms, 'now'>;
  /** Absent: first certificates, nothing is replaced. */
  checkReplaced?: CheckReplaced;
  dryRun: boolean;
  /** Certificates a second; absent: as fast as it goes. */
  pace?: Pace;
  batchSize: number;
}

/** More rows at once gain nothing: a batch is two transactions, and what it holds in memory a crash makes us sign again. */
export const BATCH_ROWS_MAX = 200;

/** One commits while the other is signed: the disk's latency is nobody's wait. */
const BATCHES_UNDER_WAY = 2;

interface PreparedBatch {
  /** By line: of rows that need nothing more. */
  results: RowResult[];
  tokens: PreparedRow[];
}

/**
 * Issues for each row of a roster, batch by batch: while one is being written, the next is read and checked. Yields the results
 * of each batch when they are durable. Rejects when the house fails; what was under way then is completed by the next run.
 */
export async function* issueRoster(
  rows: AsyncIterable<RosterRow>,
  run: RosterRun,
): AsyncGenerator<RowResult[]> {
  const underWay: Promise<RowResult[]>[] = [];
  for await (const batch of batchesOf(rows, run.batchSize)) {
    await run.pace?.take(batch.length);
    const prepared = await prepare(batch, run);
    if (underWay.length === BATCHES_UNDER_WAY) yield await underWay.shift()!;
    const results = run.dryRun ? Promise.resolve(prepared.results) : issue(prepared, run);
    // Awaited in a later round; until then its failure is nobody's.
    results.catch(() => undefined);
    underWay.push(results);
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

async function* batchesOf(rows: AsyncIterable<RosterRow>, size: number): AsyncGenerator<RosterRow[]> {
  let batch: RosterRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function prepare(batch: readonly RosterRow[], run: RosterRun): Promise<PreparedBatch> {
  const results: RowResult[] = [];
  const candidates: Candidate[] = [];
  const terms = { ...run.terms, now: run.house.clock.now() };
  await Promise.all(
    batch.map(async (row) => {
      try {
        if (row.fault) throw row.fault;
        const application = await applicationOfRow(row.values, terms);
        candidates.push({ line: row.line, application });
      } catch (error) {
        results.push(refusal(row.line, error));
      }
    }),
  );
  candidates.sort((a, b) => a.line - b.line);
  const fresh = await withoutKnown(candidates, results, run);
  const values = new Map(batch.map((row) => [row.line, row.values]));
  const tokens: PreparedBatch['tokens'] = [];
  await Promise.all(
    fresh.map(async (candidate) => {
      try {
        candidate.replacement = await run.checkReplaced?.(candidate.application, values.get(candidate.line)!);
        tokens.push({ candidate, token: await run.house.issuer.prepare(requestOf(candidate, run.terms)) });
      } catch (error) {
        results.push(refusal(candidate.line, error));
      }
    }),
  );
  if (run.dryRun) results.push(...(await foreseen(tokens, run)));
  return { results: results.sort(byLine), tokens };
}

/** What a dry run says: that a holder has a certificate is decided in step 4, which it does not come to. */
async function foreseen(tokens: PreparedBatch['tokens'], { house }: RosterRun): Promise<RowResult[]> {
  const refusals = await house.issuer.holderRefusals(tokens.map(({ token }) => token));
  return tokens.map(({ candidate }, index) => {
    const reason = refusals[index];
    return reason ? refusal(candidate.line, reason) : wouldIssue(candidate);
  });
}

/** Sorts out what an earlier run has issued, what comes twice in the batch, and what others have issued for the same key. */
async function withoutKnown(
  candidates: readonly Candidate[],
  results: RowResult[],
  { house }: RosterRun,
): Promise<Candidate[]> {
  const issued = await issuedBefore(candidates, house);
  const keys = candidates.map(({ application }) => digest('sha256', application.subjectPublicKeyInfo));
  const inUse = await house.batches.keysInUse(keys);
  const seen = new Set<string>();
  return candidates.filter(({ line, application }, index) => {
    const certificate = issued.get(originOf(application.id));
    const key = keys[index].toString('hex');
    if (certificate) results.push(issuedRow(line, application, certificate, 'was-issued'));
    else if (inUse.has(key) && inUse.get(key) !== application.id)
      results.push(refusal(line, new RaError('key-in-use', 'this key has an application or a certificate')));
    // Its own application and no certificate yet: an earlier row of the batch that is under way.
    else if (inUse.has(key) || seen.has(key))
      results.push(refusal(line, new CampaignError('request-repeated', 'an earlier row has the same key')));
    else {
      seen.add(key);
      return true;
    }
    return false;
  });
}

async function issuedBefore(
  candidates: readonly Candidate[],
  { transactions, certificates, batches }: CampaignHouse,
): Promise<Map<string, IssuedCertificate>> {
  const origins = candidates.map(({ application }) => originOf(application.id));
  return transactions.transaction(async (tx) => {
    const found = await certificates.findByOrigins(tx, origins);
    const ids = candidates.map(({ application }) => application.id);
    // A crash between completing a certificate and its application leaves the latter approved.
    if (found.size > 0) await batches.markIssuedWithCertificate(tx, ids);
    return found;
  });
}

async function issue({ results, tokens }: PreparedBatch, run: RosterRun): Promise<RowResult[]> {
  const sorted = tokens.sort((a, b) => a.candidate.line - b.candidate.line);
  try {
    return [...results, ...(await issueTokens(sorted, run))].sort(byLine);
  } catch (error) {
    if (!isOfOneRow(error)) throw error;
  }
  // One row met somebody else's write: row by row, so that it is refused alone.
  const origins = new Set(sorted.map(({ candidate }) => originOf(candidate.application.id)));
  await run.house.recover(actorOf(run.terms.approvedBy), origins);
  const singly: RowResult[] = [];
  for (const { candidate } of sorted) singly.push(await issueSingly(candidate, run));
  return [...results, ...singly].sort(byLine);
}

/** A key that somebody took meanwhile (RaError from the companion), or a certificate that another process completed. */
function isOfOneRow(error: unknown): boolean {
  return error instanceof RaError || errorCode(error) === '23505';
}

async function issueSingly(candidate: Candidate, run: RosterRun): Promise<RowResult> {
  const { line } = candidate;
  try {
    const results: RowResult[] = [];
    const [fresh] = await withoutKnown([candidate], results, run);
    if (!fresh) return results[0];
    const token = await run.house.issuer.prepare(requestOf(candidate, run.terms));
    const [result] = await issueTokens([{ candidate, token }], run);
    return result;
  } catch (error) {
    // A key that is away, or that signs wrongly, is no row's fault.
    const isOfRow =
      error instanceof RaError || (error instanceof CaError && error.code !== 'signature-wrong');
    if (!isOfRow) throw error;
    return refusal(line, error);
  }
}
