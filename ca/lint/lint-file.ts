import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { nameText } from '../../pki/name.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { isSelfIssued } from './certificate-kind.ts';
import { certificateLints, encodingLints } from './certificate-lints.ts';
import { crlLints } from './crl-lints.ts';
import { error } from './finding.ts';
import { lintInputs } from './lint-input.ts';
import type { LintedKind } from './lint-input.ts';
import { runLints } from './lint.ts';
import type { LintReport } from './lint.ts';
import { ocspLints } from './ocsp-lints.ts';

/** What was found in a file, and what the rules say of it. */
export interface LintedObject {
  kind: LintedKind;
  /** For people: the subject, the issuer of a CRL, or an OCSP status. It may hold personal data. */
  name: string;
  reports: LintReport[];
}

export interface LintFileOptions {
  /** The CA of everything in the file; without one, a certificate of the file whose subject is the issuer is taken. */
  issuer?: Certificate;
  /** When it is issued; without it, rules about the present are not applicable. */
  now?: Date;
}

/**
 * Lints the certificates, CRLs and OCSP responses of a file: one in DER, or any number in PEM. The certificates inside an
 * OCSP response follow it. Throws CaError `lint-input-unknown` for anything else.
 */
export function lintFile(bytes: Uint8Array, options: LintFileOptions = {}): LintedObject[] {
  const inputs = lintInputs(bytes);
  const certificates = inputs.flatMap((input) => (input.kind === 'certificate' ? readable(input.bytes) : []));
  return inputs.flatMap((input) => LINT_BY_KIND[input.kind](input.bytes, { ...options, certificates }));
}

interface LintContext extends LintFileOptions {
  /** Those of the file. */
  certificates: readonly Certificate[];
}

const LINT_BY_KIND: Record<LintedKind, (bytes: Buffer, context: LintContext) => LintedObject[]> = {
  certificate: lintCertificate,
  crl: lintCrl,
  'ocsp-response': lintOcspResponse,
};

function lintCertificate(bytes: Buffer, context: LintContext): LintedObject[] {
  return readOrReport('certificate', bytes, () => {
    const certificate = parseCertificate(bytes);
    return [lintedCertificate(certificate, context)];
  });
}

function lintedCertificate(certificate: Certificate, context: LintContext): LintedObject {
  const issuer = isSelfIssued(certificate) ? undefined : issuerOf(certificate, context);
  const reports = runLints(certificateLints, { certificate, issuer, now: context.now });
  return { kind: 'certificate', name: nameText(certificate.subject), reports };
}

function lintCrl(bytes: Buffer, context: LintContext): LintedObject[] {
  return readOrReport('crl', bytes, () => {
    const crl = parseCertificateList(bytes);
    const reports = runLints(crlLints, { crl, issuer: issuerOf(crl, context), now: context.now });
    return [{ kind: 'crl', name: nameText(crl.issuer), reports }];
  });
}

function lintOcspResponse(bytes: Buffer, context: LintContext): LintedObject[] {
  return readOrReport('ocsp-response', bytes, () => {
    const response = parseOcspResponse(bytes);
    const inside = response.status === 'successful' ? response.certificates : [];
    const issuer = context.issuer ?? (inside[0] && issuerOf(inside[0], context));
    const reports = runLints(ocspLints, { response, issuer, now: context.now });
    // The responder was certified earlier: what is judged by the present is the response.
    const timeless = { ...context, issuer, now: undefined };
    const responders = inside.map((certificate) => lintedCertificate(certificate, timeless));
    return [{ kind: 'ocsp-response', name: response.status, reports }, ...responders];
  });
}

/** The given CA, else the file's own. */
function issuerOf(child: Pick<Certificate, 'issuer'>, context: LintContext): Certificate | undefined {
  if (context.issuer) return context.issuer;
  return context.certificates.find((candidate) => candidate.subject.bytes.equals(child.issuer.bytes));
}

/** What the strict parser refuses gets a report that says so, beside what the bytes alone tell. */
function readOrReport(kind: LintedKind, bytes: Buffer, lint: () => LintedObject[]): LintedObject[] {
  try {
    return lint();
  } catch (fault) {
    if (!(fault instanceof PkiError)) throw fault;
    const unreadable: LintReport = {
      id: `${kind}-readable`,
      source: READABLE[kind],
      result: error(fault.detail),
    };
    const others = kind === 'certificate' ? runLints(encodingLints, { certificate: { bytes } }) : [];
    return [{ kind, name: 'unreadable', reports: [unreadable, ...others] }];
  }
}

const READABLE: Record<LintedKind, string> = {
  certificate: 'RFC 5280 §4.1',
  crl: 'RFC 5280 §5.1',
  'ocsp-response': 'RFC 6960 §4.2.1',
};

function readable(bytes: Buffer): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (fault) {
    if (fault instanceof PkiError) return [];
    throw fault;
  }
}
