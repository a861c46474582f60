import type { EvidenceKind } from '../etsi-report/evidence-object.ts';
import type { Dossier } from './dossier.ts';

/** A file of an evidence pack. */
export interface PackFile {
  name: string;
  bytes: Buffer;
}

export const PACK = {
  seal: 'report.jws',
  report: 'report.json',
  signature: 'signature.bin',
  content: 'content.bin',
  /** Names of several documents, as the signature refers to them: those are no names of files. */
  contentNames: 'contents.json',
  contents: 'contents/',
  readMe: 'README.txt',
  evidence: 'evidence/',
} as const;

const ENDINGS: Record<EvidenceKind, string> = {
  certificate: 'cer',
  crl: 'crl',
  'ocsp-response': 'ors',
  'time-stamp': 'tst',
  'signed-data': 'bin',
  other: 'bin',
};

/** The files of a dossier's evidence pack; `verifyPack` reads them again, in whichever year. */
export function packFiles({ request, evidence, payload, seal }: Dossier): PackFile[] {
  return [
    { name: PACK.readMe, bytes: Buffer.from(READ_ME) },
    { name: PACK.seal, bytes: seal },
    { name: PACK.report, bytes: payload },
    { name: PACK.signature, bytes: request.signature },
    ...(request.content ? [{ name: PACK.content, bytes: request.content }] : []),
    ...(request.contentsByName ? namedContents(request.contentsByName) : []),
    ...evidence.map(({ id, kind, bytes }) => ({
      name: `${PACK.evidence}${id}.${ENDINGS[kind]}`,
      bytes,
    })),
  ];
}

function namedContents(contents: ReadonlyMap<string, Buffer>): PackFile[] {
  return [
    { name: PACK.contentNames, bytes: Buffer.from(JSON.stringify([...contents.keys()])) },
    ...[...contents.values()].map((bytes, index) => ({ name: contentFile(index), bytes })),
  ];
}

/** File of the document whose name comes at that place in the list. */
export function contentFile(index: number): string {
  return `${PACK.contents}${index + 1}.bin`;
}

/** Id of the evidence in a file; undefined for names of another form. */
export function evidenceIdOf(name: string): string | undefined {
  return /^evidence\/([a-z-]+-[0-9a-f]{64})\.[a-z]{3}$/.exec(name)?.[1];
}

const READ_ME = `Evidence pack of a signature validation

report.jws     the verdict in the structure of ETSI TS 119 102-2, sealed with JAdES
report.json    what is inside the seal, to be read
signature.bin  what was validated; content.bin beside it where the signature is detached, or contents/ in the order of contents.json
evidence/      certificates, CRLs, OCSP responses, time stamps and signed data that the verdict rests on; other-*: that the
               signer's certificate was issued, as the issuer's transparency log has it (c2sp.org/tlog-proof)

mohr verify --offline <this file> --trust <root certificate in PEM> checks it all without asking anybody.
`;
