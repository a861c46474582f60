import { FormatError } from '../../formats/format-error.ts';
import { decodeBase64 } from '../../formats/jws/base64.ts';
import {
  JSON_CANONICALIZATION,
  archivedOctets,
  materialOf,
  readEtsiU,
  readTimeStampContainer,
  writeCertificates,
  writeComponent,
  writeRevocation,
  writeTimeStampContainer,
} from '../../formats/jws/etsi-u.ts';
import type { EtsiUComponent } from '../../formats/jws/etsi-u.ts';
import { listMember } from '../../formats/jws/jose-header.ts';
import { jwsAlgorithmOf, verifyJws } from '../../formats/jws/jws-algorithm.ts';
import type { JwsSignature } from '../../formats/jws/jws.ts';
import { memberOf } from '../../formats/jws/json-value.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { signedDataOf } from '../../formats/jws/signed-data.ts';
import type { HandedIn, SignedData } from '../../formats/jws/signed-data.ts';
import { signingInput } from '../../formats/jws/signing-input.ts';
import { writeJws } from '../../formats/jws/write-jws.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { SIGNATURE_LEVELS } from '../signature-level.ts';
import type { MaterialSource, SignatureLevel, TimeStamper, ValidationMaterial } from '../signature-level.ts';
import { SigningError } from '../signing-error.ts';
import { stamperOf } from './stamper-of-token.ts';

export interface JadesAugmentation extends HandedIn {
  level: SignatureLevel;
  timeStamper: TimeStamper;
  material: MaterialSource;
  /** Of time stamps; SHA-256 where nothing else is said. */
  digest?: DigestName;
}

/**
 * Lifts every signature of a JAdES document to a level, and stamps one that is at B-LTA once more. A compact document comes back as
 * flattened JSON: nothing can be added to the compact form. What a detached signature is over has to be handed in for B-LTA.
 * Throws FormatError `jws-malformed` and SigningError `augmentation-not-possible`; rejects with what the ports reject with.
 * @see ETSI TS 119 182-1 §5.3, §6
 */
export async function augmentJades(document: Buffer, augmentation: JadesAugmentation): Promise<Buffer> {
  const { serialization, payload, signatures } = readJws(document);
  const augmented = [];
  for (const signature of signatures)
    augmented.push(await augmentSignature(signature, payload, augmentation));
  return writeJws({
    serialization: serialization === 'compact' ? 'flattened' : serialization,
    payload,
    isPayloadEncoded: signatures[0].isPayloadEncoded,
    signatures: augmented,
  });
}

async function augmentSignature(
  signature: JwsSignature,
  payload: Buffer | undefined,
  augmentation: JadesAugmentation,
): Promise<{
  protectedText: string;
  signature: Buffer;
  unprotectedHeader: JwsSignature['unprotectedHeader'];
}> {
  const { fault, protectedText, unprotectedHeader } = signature;
  if (fault !== undefined) throw notPossible(fault);
  const data = signedDataOf(signature.protectedHeader, payload, augmentation);
  const chain = chainOf(signature);
  assertGenuine(signature, data, chain[0]);
  const lifter = new SignatureLifter({ signature, data, chain }, augmentation);
  await lifter.liftTo(augmentation.level);
  const etsiU = lifter.components.map(({ element }) => element);
  return {
    protectedText,
    signature: signature.signature,
    unprotectedHeader: { ...unprotectedHeader, ...(etsiU.length > 0 && { etsiU }) },
  };
}

interface Subject {
  signature: JwsSignature;
  data: SignedData;
  /** The signer's certificate first. */
  chain: readonly Certificate[];
}

/** Adds what a signature lacks, one level after the other. */
class SignatureLifter {
  readonly components: EtsiUComponent[];
  readonly #subject: Subject;
  readonly #ports: JadesAugmentation;
  readonly #inClear: boolean;

  constructor(subject: Subject, ports: JadesAugmentation) {
    this.#subject = subject;
    this.#ports = ports;
    this.components = readEtsiU(subject.signature.unprotectedHeader);
    this.#inClear = this.components.some(({ element }) => typeof element !== 'string');
  }

  async liftTo(level: SignatureLevel): Promise<void> {
    const height = SIGNATURE_LEVELS.indexOf(level);
    if (height >= 1 && !this.#has('sigTst')) await this.#addSignatureTimeStamp();
    if (height >= 2 && !this.#has('arcTst') && !this.#has('rVals')) await this.#addMaterial();
    if (height >= 3) {
      // What the last archive time stamp is validated with goes under the next one.
      if (this.#has('arcTst')) await this.#addTimeStampMaterial();
      await this.#addArchiveTimeStamp();
    }
  }

  async #addSignatureTimeStamp(): Promise<void> {
    const octets = Buffer.from(this.#subject.signature.signatureText, 'latin1');
    this.#add('sigTst', writeTimeStampContainer(await this.#stamp(octets)));
  }

  async #addMaterial(): Promise<void> {
    const { chain } = this.#subject;
    const { certificates, ...revocation } = await this.#materialFor([chain[0]]);
    const known = chain.map(({ bytes }) => bytes);
    const further = certificates.filter((one) => !known.some((bytes) => bytes.equals(one)));
    if (further.length > 0) this.#add('xVals', writeCertificates(further));
    this.#add('rVals', writeRevocation(revocation));
  }

  async #addTimeStampMaterial(): Promise<void> {
    const { certificates, ...revocation } = await this.#materialFor([]);
    this.#add('tstVd', { xVals: writeCertificates(certificates), rVals: writeRevocation(revocation) });
  }

  async #addArchiveTimeStamp(): Promise<void> {
    const { signature, data } = this.#subject;
    if (!data.timeStamped) throw notPossible('what the signature is over was not handed in');
    const canonicalization = this.#inClear ? JSON_CANONICALIZATION : undefined;
    const { protectedText, signatureText } = signature;
    const { components } = this;
    const octets = archivedOctets({
      signedData: data.timeStamped,
      protectedText,
      signatureText,
      components,
      canonicalization,
    });
    this.#add('arcTst', writeTimeStampContainer(await this.#stamp(octets), canonicalization));
  }

  /** Of certificates, and of those that made the time stamps so far. */
  async #materialFor(certificates: readonly Certificate[]): Promise<ValidationMaterial> {
    const stampers = this.components
      .filter(({ name }) => name === 'sigTst' || name === 'arcTst')
      .flatMap(({ value }) => readTimeStampContainer(value).tokens)
      .map(stamperOf);
    const carried = this.components
      .flatMap((component) => materialOf(component).certificates)
      .map(parseCertificate);
    const embedded = [...this.#subject.chain, ...carried, ...stampers.flatMap((one) => one.embedded)];
    return this.#ports.material.materialFor(
      [...certificates, ...stampers.map((one) => one.certificate)],
      embedded,
    );
  }

  #stamp(octets: Buffer): Promise<Buffer> {
    const { digest: digestName = 'sha256', timeStamper } = this.#ports;
    return timeStamper.stamp(digestName, digest(digestName, octets));
  }

  #add(name: string, value: Parameters<typeof writeComponent>[1]): void {
    this.components.push(writeComponent(name, value, this.#inClear));
  }

  #has(name: string): boolean {
    return this.components.some((component) => component.name === name);
  }
}

function chainOf({ protectedHeader, unprotectedHeader }: JwsSignature): Certificate[] {
  const header = Object.hasOwn(protectedHeader, 'x5c') ? protectedHeader : unprotectedHeader;
  const chain = listMember(header, 'x5c').map((entry) => {
    if (typeof entry !== 'string') throw new FormatError('jws-malformed', 'a certificate of x5c is no text');
    return parseCertificate(decodeBase64(entry));
  });
  if (chain.length === 0) throw notPossible('the certificate of the signer did not come along');
  return chain;
}

/** A time stamp on what is no signature would only make it look like one. */
function assertGenuine(
  { protectedHeader, protectedText, signature }: JwsSignature,
  data: SignedData,
  certificate: Certificate,
): void {
  const key = publicKeyOf(certificate);
  const algorithm = jwsAlgorithmOf(memberOf(protectedHeader, 'alg'), key);
  if (!algorithm) throw notPossible('its algorithm is no digital signature of JWS');
  if (data.differing.length > 0) throw notPossible('what was handed in is not what was signed');
  if (!data.payload) return;
  const octets = signingInput(protectedText, data.payload);
  if (!verifyJws(algorithm, key, { octets, signature })) throw notPossible('it does not verify');
}

function notPossible(detail: string): SigningError {
  return new SigningError('augmentation-not-possible', `the signature cannot be augmented: ${detail}`);
}
