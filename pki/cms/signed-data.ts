import type { Certificate } from '../certificate.ts';
import { Cursor } from '../der/decode.ts';
import { TAG, context } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { CMS, PKIX } from '../oid.ts';
import { decodePem } from '../pem.ts';
import { PkiError } from '../pki-error.ts';
import { readRecentCertificate } from '../recent-certificates.ts';
import { BerReader } from './ber-reader.ts';
import { readSignerInfo } from './signer-info.ts';
import type { SignerInfo } from './signer-info.ts';

/** Revocation data that a signer embeds: a CertificateList, an OCSPResponse, a BasicOCSPResponse or something else. */
export interface EmbeddedRevocation {
  kind: 'crl' | 'ocsp-response' | 'basic-ocsp-response' | 'other';
  bytes: Buffer;
}

/** A SignedData (RFC 5652 §5.1) as read; everything is a view into the input, except joined content segments. */
export interface SignedData {
  contentType: string;
  /** Octets of eContent; undefined when the signature is detached from its content. */
  content: Buffer | undefined;
  /** OIDs of the digests that the signers are said to use. */
  digestAlgorithms: string[];
  certificates: readonly Certificate[];
  /** Members of the certificate set that are no readable X.509 certificate, e.g. attribute certificates. */
  unreadCertificates: Buffer[];
  revocation: readonly EmbeddedRevocation[];
  /** The same as members of `crls`, whole, with the tags of those that are no CRLs. */
  revocationChoices: Buffer[];
  signerInfos: SignerInfo[];
  /** The whole elements as they stand: older archive time stamps are over their octets (RFC 5126 §6.4.1). */
  encapContentInfo: Buffer;
  certificatesAndCrls: Buffer;
}

/** Largest SignedData that is read, in octets: hundreds of times a prescription, enough for a scanned document. */
export const SIGNED_DATA_OCTETS_MAX = 16 * 1024 * 1024;

/** A prescription has one signer; a medical report a handful. Each costs a verification. */
const SIGNERS_MAX = 16;
const CERTIFICATES_MAX = 64;
const REVOCATIONS_MAX = 64;
const DIGEST_ALGORITHMS_MAX = 32;

/**
 * Reads a SignedData in BER, DER or PEM (labels CMS and PKCS7), enveloping or detached, with any number of signers.
 * Throws PkiError `cms-malformed` and nothing else.
 */
export function parseSignedData(input: Uint8Array): SignedData {
  if (input.length > SIGNED_DATA_OCTETS_MAX) {
    throw new PkiError('cms-malformed', `${input.length} octets, at most ${SIGNED_DATA_OCTETS_MAX}`);
  }
  try {
    return readContentInfo(new BerReader(withoutPem(input)));
  } catch (cause) {
    if (!(cause instanceof PkiError) || cause.code === 'cms-malformed') throw cause;
    throw new PkiError('cms-malformed', cause.detail, { cause });
  }
}

function readContentInfo(reader: BerReader): SignedData {
  reader.enter(TAG.sequence);
  const contentType = oidOf(reader.read(TAG.oid));
  if (contentType !== CMS.signedData) {
    throw new PkiError('cms-malformed', `content type ${contentType}, expected SignedData`);
  }
  reader.enter(context(0));
  const signedData = readSignedData(reader);
  reader.leave();
  reader.leave();
  // Containers of fixed size pad with zeros (the Contents of a PDF signature); anything else hides something.
  if (reader.rest.some((octet) => octet !== 0))
    throw new PkiError('cms-malformed', 'octets after the SignedData');
  return signedData;
}

function readSignedData(reader: BerReader): SignedData {
  reader.enter(TAG.sequence);
  reader.read(TAG.integer);
  reader.enter(TAG.set);
  const digestAlgorithms = readList(reader, 'digest algorithms', DIGEST_ALGORITHMS_MAX, readDigestAlgorithm);
  const encapsulated = octetsRead(reader, () => readEncapsulatedContent(reader));
  const sets = octetsRead(reader, () => readSets(reader));
  reader.enter(TAG.set);
  const signerInfos = readList(reader, 'signers', SIGNERS_MAX, readSignerInfo);
  reader.leave();
  const { members, choices } = sets.value;
  return {
    ...encapsulated.value,
    digestAlgorithms,
    ...readCertificates(members),
    revocation: choices.map(({ revocation }) => revocation),
    revocationChoices: choices.map(({ whole }) => whole),
    signerInfos,
    encapContentInfo: encapsulated.octets,
    certificatesAndCrls: sets.octets,
  };
}

/** What is read, and in which octets it stood. */
function octetsRead<Value>(reader: BerReader, read: () => Value): { value: Value; octets: Buffer } {
  const from = reader.rest;
  const value = read();
  return { value, octets: from.subarray(0, from.length - reader.rest.length) };
}

function readSets(reader: BerReader) {
  const members = reader.enterOptional(context(0))
    ? readList(reader, 'certificates', CERTIFICATES_MAX, (list) => list.next().bytes)
    : [];
  const choices = reader.enterOptional(context(1))
    ? readList(reader, 'revocation values', REVOCATIONS_MAX, readRevocationChoice)
    : [];
  return { members, choices };
}

/** Reads the members of the set that was entered, and leaves it. */
function readList<Member>(
  reader: BerReader,
  what: string,
  countMax: number,
  readOne: (reader: BerReader) => Member,
): Member[] {
  const members: Member[] = [];
  while (reader.peek() !== -1) {
    if (members.length === countMax) throw new PkiError('cms-malformed', `more than ${countMax} ${what}`);
    members.push(readOne(reader));
  }
  reader.leave();
  return members;
}

function readDigestAlgorithm(reader: BerReader): string {
  return oidOf(new Cursor(reader.read(TAG.sequence).content, 'ber').read(TAG.oid));
}

function readEncapsulatedContent(reader: BerReader): { contentType: string; content: Buffer | undefined } {
  reader.enter(TAG.sequence);
  const contentType = oidOf(reader.read(TAG.oid));
  let content: Buffer | undefined;
  if (reader.enterOptional(context(0))) {
    content = reader.readOctets();
    reader.leave();
  }
  reader.leave();
  return { contentType, content };
}

/** One certificate that cannot be read does not spoil the signature of another. */
function readCertificates(
  members: readonly Buffer[],
): Pick<SignedData, 'certificates' | 'unreadCertificates'> {
  const certificates: Certificate[] = [];
  const unreadCertificates: Buffer[] = [];
  for (const bytes of members) {
    try {
      certificates.push(readRecentCertificate(bytes));
    } catch (cause) {
      if (!(cause instanceof PkiError)) throw cause;
      unreadCertificates.push(bytes);
    }
  }
  return { certificates, unreadCertificates };
}

const OTHER_REVOCATION = new Map<string, EmbeddedRevocation['kind']>([
  [PKIX.otherRevocationInfoOcsp, 'ocsp-response'],
  [PKIX.basicOcspResponse, 'basic-ocsp-response'],
]);

function readRevocationChoice(reader: BerReader): { revocation: EmbeddedRevocation; whole: Buffer } {
  const { value, octets } = octetsRead(reader, () => readRevocation(reader));
  return { revocation: value, whole: octets };
}

/** RevocationInfoChoice: a CRL, or [1] with its format (RFC 5940 §2.1; older signers put the basic response there). */
function readRevocation(reader: BerReader): EmbeddedRevocation {
  if (reader.peek() !== context(1)) return { kind: 'crl', bytes: reader.read(TAG.sequence).bytes };
  reader.enter(context(1));
  const kind = OTHER_REVOCATION.get(oidOf(reader.read(TAG.oid))) ?? 'other';
  const { bytes } = reader.next();
  reader.leave();
  return { kind, bytes };
}

/** The octets of a PEM block, or what is none as it is; throws PkiError `cms-malformed`. */
export function withoutPem(input: Uint8Array): Uint8Array {
  if (input[0] !== 0x2d) return input;
  const blocks = decodePem(Buffer.from(input).toString('latin1'), ['CMS', 'PKCS7']);
  if (blocks.length !== 1)
    throw new PkiError('cms-malformed', `${blocks.length} PEM blocks of a signature, expected one`);
  return blocks[0].bytes;
}
