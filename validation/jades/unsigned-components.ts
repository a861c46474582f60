import { FormatError } from '../../formats/format-error.ts';
import { archivedOctets, materialOf, readEtsiU, readTimeStampContainer } from '../../formats/jws/etsi-u.ts';
import type { EtsiUComponent } from '../../formats/jws/etsi-u.ts';
import { memberOf } from '../../formats/jws/json-value.ts';
import type { JwsSignature } from '../../formats/jws/jws.ts';
import type { SignedData } from '../../formats/jws/signed-data.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { TAG } from '../../pki/der/tag.ts';
import { Cursor } from '../../pki/der/decode.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { PresentedTimeStamp } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';

/** What stands beside a signature: nobody signed it, so what of it cannot be read is passed over with a reason. */
export interface UnsignedComponents {
  components: readonly EtsiUComponent[];
  certificates: readonly Certificate[];
  revocation: readonly EmbeddedRevocation[];
  timeStamps: readonly PresentedTimeStamp[];
  reasons: readonly Reason[];
}

/** Reads `etsiU`, and `adoTst` of the protected header (ETSI TS 119 182-1 §5.2.6, §5.3). */
export function readUnsignedComponents(
  signature: JwsSignature,
  data: SignedData,
  chain: readonly Certificate[],
): UnsignedComponents {
  const reader = new ComponentReader(signature, data, chain);
  reader.readAll();
  return reader;
}

class ComponentReader implements UnsignedComponents {
  components: readonly EtsiUComponent[] = [];
  readonly certificates: Certificate[] = [];
  readonly revocation: EmbeddedRevocation[] = [];
  readonly timeStamps: PresentedTimeStamp[] = [];
  readonly reasons: Reason[] = [];
  readonly #signature: JwsSignature;
  readonly #data: SignedData;
  readonly #chain: readonly Certificate[];

  constructor(signature: JwsSignature, data: SignedData, chain: readonly Certificate[]) {
    this.#signature = signature;
    this.#data = data;
    this.#chain = chain;
  }

  readAll(): void {
    const adoTst = memberOf(this.#signature.protectedHeader, 'adoTst');
    if (adoTst !== undefined) this.#attempt('adoTst', () => this.#contentTimeStamps(adoTst));
    this.#attempt('etsiU', () => {
      this.components = readEtsiU(this.#signature.unprotectedHeader);
    });
    this.components.forEach((component, index) => {
      this.#attempt(component.name, () => this.#readComponent(component, index));
    });
  }

  #contentTimeStamps(value: EtsiUComponent['value']): void {
    for (const token of readTimeStampContainer(value).tokens)
      this.timeStamps.push({
        kind: 'content',
        token,
        imprint: (name) => digest(name, this.#signedData()),
      });
  }

  #readComponent(component: EtsiUComponent, index: number): void {
    switch (component.name) {
      case 'sigTst':
        return this.#signatureTimeStamps(component);
      case 'arcTst':
        return this.#archiveTimeStamps(component, index);
      default:
        return this.#material(component);
    }
  }

  /** §5.3.4: over the signature value as it stands, in base64url. */
  #signatureTimeStamps({ value }: EtsiUComponent): void {
    const octets = Buffer.from(this.#signature.signatureText, 'latin1');
    for (const token of readTimeStampContainer(value).tokens)
      this.timeStamps.push({ kind: 'signature', token, imprint: (name) => digest(name, octets) });
  }

  #archiveTimeStamps({ value }: EtsiUComponent, index: number): void {
    const { tokens, canonicalization } = readTimeStampContainer(value);
    const { protectedText, signatureText } = this.#signature;
    const components = this.components.slice(0, index);
    const octets = () =>
      archivedOctets({
        signedData: this.#signedData(),
        protectedText,
        signatureText,
        components,
        canonicalization,
      });
    const protects = {
      certificates: [...this.#chain, ...this.certificates].map(({ bytes }) => bytes),
      revocation: this.revocation.map(({ bytes }) => bytes),
      timeStamps: this.timeStamps.map(({ token }) => token),
    };
    for (const token of tokens)
      this.timeStamps.push({ kind: 'archive', token, imprint: (name) => digest(name, octets()), protects });
  }

  #material(component: EtsiUComponent): void {
    const { certificates, crls, ocspResponses } = materialOf(component);
    for (const bytes of certificates)
      this.#attempt(component.name, () => this.certificates.push(parseCertificate(bytes)));
    this.revocation.push(
      ...crls.map((bytes) => ({ kind: 'crl', bytes }) as const),
      ...ocspResponses.map((bytes) => ({ kind: kindOfOcsp(bytes), bytes })),
    );
  }

  #signedData(): Buffer {
    if (this.#data.timeStamped) return this.#data.timeStamped;
    throw new FormatError('jws-malformed', 'what the time stamp is over was not handed in');
  }

  #attempt(what: string, read: () => void): void {
    try {
      read();
    } catch (cause) {
      if (!(cause instanceof FormatError) && !(cause instanceof PkiError)) throw cause;
      this.reasons.push({ code: 'input-passed-over', text: `${what} cannot be read: ${cause.detail}` });
    }
  }
}

/** An OCSPResponse begins with its status, a BasicOCSPResponse with what is signed (RFC 6960 §4.2.1). */
function kindOfOcsp(bytes: Buffer): 'ocsp-response' | 'basic-ocsp-response' {
  return new Cursor(bytes, 'ber').into(TAG.sequence).peek() === TAG.enumerated
    ? 'ocsp-response'
    : 'basic-ocsp-response';
}
