import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import { isNamedBy } from '../../pki/cms/is-named-by.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import { ocspRevocationChoice, putTogether, takeApart } from '../../pki/cms/signed-data-parts.ts';
import type { SignedDataParts } from '../../pki/cms/signed-data-parts.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import { verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { SIGNATURE_LEVELS } from '../signature-level.ts';
import type { MaterialSource, SignatureLevel, TimeStamper } from '../signature-level.ts';
import { SigningError } from '../signing-error.ts';
import { stamperOf } from '../stamper-of-token.ts';
import { makeArchiveTimeStamp } from './archive-time-stamp.ts';

export interface CadesAugmentation {
  level: SignatureLevel;
  timeStamper: TimeStamper;
  material: MaterialSource;
  /** What a detached signature is over. */
  content?: Uint8Array;
  /** Of time stamps; SHA-256 where nothing else is said. */
  digest?: DigestName;
}

/**
 * Lifts every signature of a CMS to a level, and stamps one that is at B-LTA once more. Octets that are signed or were stamped stay
 * as they are, BER included; the frame around them becomes DER. Throws PkiError `cms-malformed` and SigningError
 * `augmentation-not-possible`; rejects with what the ports reject with.
 * @see ETSI EN 319 122-1 §5.3, §5.5, §6.3
 */
export async function augmentCades(document: Uint8Array, augmentation: CadesAugmentation): Promise<Buffer> {
  const { parts, signedData } = takeApart(document);
  const content = signedData.content ?? augmentation.content;
  if (!content) throw notPossible('what a detached signature is over was not handed in');
  const signers = signedData.signerInfos.map((signer) => signerOf(signer, signedData, content));
  if (signers.length === 0) throw notPossible('nobody has signed');
  const lifter = new CadesLifter({ parts, signedData, content, signers }, augmentation);
  await lifter.liftTo(augmentation.level);
  return putTogether(parts);
}

interface Subject {
  /** Changed as levels are added. */
  parts: SignedDataParts;
  signedData: SignedData;
  content: Uint8Array;
  /** Certificates of the signers, in their order. */
  signers: readonly Certificate[];
}

/** Adds what a SignedData lacks, one level after the other. */
class CadesLifter {
  readonly #subject: Subject;
  readonly #ports: CadesAugmentation;
  readonly #digest: DigestName;

  constructor(subject: Subject, ports: CadesAugmentation) {
    this.#subject = subject;
    this.#ports = ports;
    this.#digest = ports.digest ?? 'sha256';
  }

  async liftTo(level: SignatureLevel): Promise<void> {
    const height = SIGNATURE_LEVELS.indexOf(level);
    if (height >= 1) await this.#addSignatureTimeStamps();
    // Statuses are asked for after the time stamp, or they would say nothing of the time that it proves.
    if (height >= 2) await this.#addMaterial();
    if (height >= 3) await this.#addArchiveTimeStamps();
  }

  async #addSignatureTimeStamps(): Promise<void> {
    const { parts, signedData } = this.#subject;
    for (const [at, { unsignedAttributes }] of parts.signers.entries()) {
      if (valuesOf(unsignedAttributes, CMS.signatureTimeStamp).length > 0) continue;
      const imprint = digest(this.#digest, signedData.signerInfos[at].signature);
      const token = await this.#ports.timeStamper.stamp(this.#digest, imprint);
      unsignedAttributes.push({ type: CMS.signatureTimeStamp, values: [token] });
    }
  }

  /** In the SignedData itself: the next archive time stamp covers it there. */
  async #addMaterial(): Promise<void> {
    const { parts, signedData } = this.#subject;
    const { wanted, stampers } = this.#unproven();
    if (wanted.length === 0) return;
    const { certificates, crls, ocspResponses } = await this.#ports.material.materialFor(distinct(wanted), [
      ...signedData.certificates,
      ...stampers.flatMap(({ embedded }) => embedded),
    ]);
    addMissing(parts.certificates, [
      ...stampers.map(({ certificate }) => certificate.bytes),
      ...certificates,
    ]);
    addMissing(parts.revocationChoices, [...crls, ...ocspResponses.map(ocspRevocationChoice)]);
  }

  /**
   * Certificates whose status as of now is to be added: those of the newest archive time stamps, which cover what was there before
   * them; where there are none, of the signers and of their time stamps, unless that was done.
   */
  #unproven(): { wanted: Certificate[]; stampers: Stamper[] } {
    const { parts, signers } = this.#subject;
    const archived = parts.signers.flatMap((signer) =>
      newestOf(valuesOf(signer.unsignedAttributes, ARCHIVE)),
    );
    if (archived.length > 0) {
      const stampers = archived.map((token) => this.#stamperOf(token));
      return { wanted: stampers.map(({ certificate }) => certificate), stampers };
    }
    const stampers = parts.signers
      .flatMap(({ unsignedAttributes }) => valuesOf(unsignedAttributes, CMS.signatureTimeStamp))
      .map((token) => this.#stamperOf(token));
    const isDone =
      parts.revocationChoices.length > 0 &&
      stampers.every(({ certificate }) => parts.certificates.some((one) => one.equals(certificate.bytes)));
    return {
      wanted: isDone ? [] : [...signers, ...stampers.map(({ certificate }) => certificate)],
      stampers,
    };
  }

  #stamperOf(token: Buffer): Stamper {
    return stamperOf(token, this.#subject.signedData.certificates);
  }

  async #addArchiveTimeStamps(): Promise<void> {
    const { parts, signedData, content } = this.#subject;
    const { contentType } = signedData;
    for (const signer of parts.signers) {
      const archived = { parts, signer, contentType, content };
      const token = await makeArchiveTimeStamp(archived, this.#digest, this.#ports.timeStamper);
      signer.unsignedAttributes.push({ type: ARCHIVE, values: [token] });
    }
  }
}

type Stamper = ReturnType<typeof stamperOf>;

const ARCHIVE = CMS.archiveTimeStampV3;

/** The one of the latest time; a SET OF keeps no order. */
function newestOf(tokens: readonly Buffer[]): Buffer[] {
  const byTime = tokens.map((token) => ({
    token,
    genTime: parseTimeStampToken(token).info.genTime.getTime(),
  }));
  return byTime
    .sort((a, b) => b.genTime - a.genTime)
    .slice(0, 1)
    .map(({ token }) => token);
}

/** The certificate of a signer whose signature it verifies: a time stamp on what is none would only make it look like one. */
function signerOf(
  signer: SignerInfo,
  { certificates, contentType }: SignedData,
  content: Uint8Array,
): Certificate {
  const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
  const certificate = certificates.find(
    (one) => isNamedBy(signer.sid, one) && references.every((reference) => refersTo(reference, one)),
  );
  if (!certificate) throw notPossible('the certificate of a signer did not come along');
  const { outcome } = verifySignerInfo(signer, { contentType, content }, publicKeyOf(certificate));
  if (outcome !== 'valid') throw notPossible(`a signature does not verify (${outcome})`);
  return certificate;
}

function addMissing(members: Buffer[], further: readonly Buffer[]): void {
  for (const one of further) if (!members.some((known) => known.equals(one))) members.push(one);
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter(
    (one, at) => certificates.findIndex((other) => other.bytes.equals(one.bytes)) === at,
  );
}

function notPossible(detail: string): SigningError {
  return new SigningError('augmentation-not-possible', `the signature cannot be augmented: ${detail}`);
}
