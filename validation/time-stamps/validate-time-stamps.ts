import { PkiError } from '../../pki/pki-error.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { WorkBudget } from '../path/work-budget.ts';
import type { PresentedTimeStamp } from '../presented-signature.ts';
import { verdictOf } from '../reason.ts';
import type { Reason } from '../reason.ts';
import { ProofSet } from './proof-set.ts';
import { orderFaults } from './time-stamp-order.ts';
import { presentToken, validateTimeStamp } from './validate-time-stamp.ts';
import type { ReadTimeStamp, TimeStampContext, TimeStampJudgement } from './validate-time-stamp.ts';

/** A time stamp with what came of it; `read` is absent when it cannot be read. */
export interface JudgedTimeStamp {
  stamp: PresentedTimeStamp;
  read?: ReadTimeStamp;
  judgement: TimeStampJudgement;
}

export interface StampedTimes {
  /** In the order in which the signature presents them. */
  judged: readonly JudgedTimeStamp[];
  proofs: ProofSet;
  /** The earliest moment that a valid time stamp proves for the signature. */
  stampedAt?: Date;
  /** The latest moment that a valid time stamp under the signature proves for its content: the signature came after. */
  madeAfter?: Date;
  reasons: Reason[];
}

/** Each may cost a path and a status; a signature that is re-stamped every other year has fewer after fifty years. */
const TIME_STAMPS_MAX = 32;

export function noTimeStamps(now: Date): StampedTimes {
  return { judged: [], proofs: new ProofSet(now), reasons: [] };
}

/**
 * Validates the time stamps of a signature, the latest first (ETSI EN 319 102-1 §5.6.3): what a valid one covers is proven
 * to have existed then, earlier time stamps among it (§5.6.2.3).
 */
export async function validateTimeStamps(
  now: Date,
  context: Omit<TimeStampContext, 'proofs' | 'budget'>,
): Promise<StampedTimes> {
  const { signature, trust } = context;
  const proofs = new ProofSet(now);
  const all = signature.timeStamps.slice(0, TIME_STAMPS_MAX).map((stamp) => readOne(stamp, context));
  const readable = all.flatMap(({ read }) => read ?? []).sort(latestFirst);
  const budget = new WorkBudget();
  const judgements = new Map<ReadTimeStamp, TimeStampJudgement>();
  const valid: ReadTimeStamp[] = [];
  for (const read of readable) {
    const judgement = await validateTimeStamp(read, { ...context, trust, proofs, budget });
    judgements.set(read, judgement);
    if (judgement.verdict.indication !== 'TOTAL-PASSED') continue;
    valid.push(read);
    addProofs(proofs, read, readable);
  }
  const judged = all.map(({ stamp, read, reasons }) => ({
    stamp,
    ...(read && { read }),
    judgement: (read && judgements.get(read)) ?? { verdict: verdictOf(reasons), reasons, provenAt: now },
  }));
  const reasons = [...notCounted(judged, signature.timeStamps.length), ...orderFaults(valid)];
  return { judged, proofs, ...timesOf(valid), reasons };
}

function readOne(
  stamp: PresentedTimeStamp,
  { signature, trust }: Pick<TimeStampContext, 'signature' | 'trust'>,
): { stamp: PresentedTimeStamp; read?: ReadTimeStamp; reasons: Reason[] } {
  try {
    const token = parseTimeStampToken(stamp.token);
    const around = [...signature.certificates, ...trust.certificates()];
    return { stamp, read: { stamp, token, presented: presentToken(token, around) }, reasons: [] };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return { stamp, reasons: [{ code: 'time-stamp-malformed', text: cause.detail }] };
  }
}

/** Of the same moment, those that may cover others first. */
function latestFirst(a: ReadTimeStamp, b: ReadTimeStamp): number {
  const byTime = b.token.info.genTime.getTime() - a.token.info.genTime.getTime();
  return byTime || coveredBy(b) - coveredBy(a);
}

function coveredBy({ stamp: { kind } }: ReadTimeStamp): number {
  return kind === 'archive' || kind === 'document' ? 1 : 0;
}

/** What stands in a token that is covered is covered with it. */
function addProofs(
  proofs: ProofSet,
  { stamp, token: { info } }: ReadTimeStamp,
  all: readonly ReadTimeStamp[],
): void {
  const { protects } = stamp;
  if (!protects) return;
  const add = (bytes: Buffer) => proofs.add(bytes, info.genTime);
  [...protects.certificates, ...protects.revocation, ...protects.timeStamps].forEach(add);
  for (const covered of protects.timeStamps) {
    const inside = all.find((one) => one.stamp.token.equals(covered))?.presented;
    inside?.certificates.forEach(({ bytes }) => add(bytes));
    inside?.revocation.forEach(({ bytes }) => add(bytes));
  }
}

function timesOf(valid: readonly ReadTimeStamp[]): Pick<StampedTimes, 'stampedAt' | 'madeAfter'> {
  const timesWhere = (isContent: boolean) =>
    valid
      .filter(({ stamp }) => (stamp.kind === 'content') === isContent)
      .map(({ token }) => token.info.genTime.getTime());
  const [over, under] = [timesWhere(false), timesWhere(true)];
  return {
    ...(over.length > 0 && { stampedAt: new Date(Math.min(...over)) }),
    ...(under.length > 0 && { madeAfter: new Date(Math.max(...under)) }),
  };
}

/** A time stamp that does not hold takes nothing from the signature, and gives it nothing. */
function notCounted(judged: readonly JudgedTimeStamp[], count: number): Reason[] {
  const reasons = judged
    .filter(({ judgement }) => judgement.verdict.indication !== 'TOTAL-PASSED')
    .map(({ stamp: { kind }, judgement }): Reason => {
      const why = judgement.reasons.map(({ text }) => text).join('; ');
      return { code: 'time-stamp-not-counted', text: `a time stamp (${kind}) proves nothing: ${why}` };
    });
  if (count <= judged.length) return reasons;
  const text = `${count - judged.length} time stamps beyond the first ${TIME_STAMPS_MAX} were passed over`;
  return [...reasons, { code: 'time-stamp-not-counted', text }];
}
