import type { Certificate } from '../pki/certificate.ts';
import type { EmbeddedRevocation } from '../pki/cms/signed-data.ts';
import { BASELINE_LEVELS } from './baseline-level.ts';
import type { BaselineLevel } from './baseline-level.ts';
import type { CertificatePath } from './path/build-path.ts';
import { CertificatePool } from './path/certificate-pool.ts';
import { WorkBudget, isWorkLimit } from './path/work-budget.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { openInquiry } from './revocation/ask-status.ts';
import { embeddedEvidence } from './revocation/embedded-evidence.ts';
import type { JudgedTimeStamp } from './time-stamps/validate-time-stamps.ts';
import type { TrustStore } from './trust-store.ts';

/** The level that a signature reaches, and what is missing for the next one. */
export interface LevelJudgement {
  /** Absent: not even B-B. */
  reached?: BaselineLevel;
  missing?: { level: BaselineLevel; text: string };
}

export interface LevelFacts {
  signature: PresentedSignature;
  /** When the signature is proven to exist. */
  at: Date;
  trust: TrustStore;
  /** Of the signer; absent: none was found. */
  path?: CertificatePath | undefined;
  timeStamps: readonly JudgedTimeStamp[];
}

/** Judges by what the signature carries, and only by time stamps that hold. */
export function judgeLevel(facts: LevelFacts): LevelJudgement {
  let reached: BaselineLevel | undefined;
  for (const level of BASELINE_LEVELS) {
    const text = MISSING[level](facts);
    if (text !== undefined) return { ...(reached && { reached }), missing: { level, text } };
    reached = level;
  }
  return { ...(reached && { reached }) };
}

/** What a signature lacks for a level that has the ones before; undefined: nothing. */
const MISSING: Record<BaselineLevel, (facts: LevelFacts) => string | undefined> = {
  'B-B': ({ signature }) => {
    if (!signature.bindsCertificate) return 'the signature does not name its certificate by hash';
    return signature.claimedSigningTime ? undefined : 'the signer claims no signing time';
  },
  'B-T': ({ timeStamps }) =>
    validOf(timeStamps).some(({ stamp }) => stamp.kind !== 'content')
      ? undefined
      : 'no time stamp that holds is over the signature',
  'B-LT': missingMaterial,
  'B-LTA': ({ signature, timeStamps }) => {
    const covering = validOf(timeStamps).some(
      ({ stamp }) =>
        (stamp.kind === 'archive' || stamp.kind === 'document') &&
        (signature.revocation.length === 0 || (stamp.protects?.revocation.length ?? 0) > 0),
    );
    return covering ? undefined : 'no time stamp that holds covers the certificates and statuses';
  },
};

function validOf(timeStamps: readonly JudgedTimeStamp[]): JudgedTimeStamp[] {
  return timeStamps.filter(({ judgement }) => judgement.verdict.indication === 'TOTAL-PASSED');
}

interface Chain {
  whose: string;
  path: CertificatePath | undefined;
  at: Date;
  certificates: readonly Certificate[];
  revocation: readonly EmbeddedRevocation[];
}

/** Each certificate of the signer's path, and of those of its time stamps, is embedded up to its anchor, with a status. */
function missingMaterial(facts: LevelFacts): string | undefined {
  const { signature, timeStamps, path, at, trust } = facts;
  const own = { certificates: signature.certificates, revocation: signature.revocation };
  const chains: Chain[] = [
    { whose: 'the signer', path, at, ...own },
    ...stampsOverSignature(timeStamps).map(({ read, judgement }) => ({
      whose: 'a time stamp',
      path: judgement.path,
      at: read?.token.info.genTime ?? at,
      certificates: [...own.certificates, ...(read?.presented.certificates ?? [])],
      revocation: [...own.revocation, ...(read?.presented.revocation ?? [])],
    })),
  ];
  for (const chain of chains) {
    const text = missingOf(chain, chain.whose === 'the signer' ? trust : trust.forTimeStamps());
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What archive time stamps need is put under the next one. */
function stampsOverSignature(timeStamps: readonly JudgedTimeStamp[]): JudgedTimeStamp[] {
  return validOf(timeStamps).filter(({ stamp }) => stamp.kind === 'signature');
}

function missingOf(
  { whose, path, at, certificates, revocation }: Chain,
  trust: TrustStore,
): string | undefined {
  if (!path) return `no path of certificates is known for ${whose}`;
  const embedded = (one: Certificate) => certificates.some(({ bytes }) => bytes.equals(one.bytes));
  if (!path.slice(0, -1).every(embedded)) return `a certificate of the path of ${whose} is not embedded`;
  const pool = new CertificatePool(certificates);
  const evidence = () => embeddedEvidence(revocation);
  const inquiry = openInquiry({ evidence, trust, pool, at, path, budget: new WorkBudget() });
  const isKnown = (one: Certificate, index: number) => {
    const finding = inquiry.ask(one, path[index + 1]);
    return finding !== 'pending' && finding.kind !== 'unknown';
  };
  try {
    return path.slice(0, -1).every(isKnown)
      ? undefined
      : `the status of a certificate of the path of ${whose} is not embedded`;
  } catch (cause) {
    if (!isWorkLimit(cause)) throw cause;
    return `what is embedded for ${whose} takes too much work to look through`;
  }
}
