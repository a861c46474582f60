import * as asn1 from './der/encode.ts';
import type { Cursor } from './der/decode.ts';
import { TAG, context, contextPrimitive } from './der/tag.ts';
import { numberOf, timeOf } from './der/values.ts';
import { explicitExtensions, readExtensions } from './extension.ts';
import type { Extension, Extensions } from './extension.ts';
import { readCertId } from './ocsp-cert-id.ts';
import type { CertId } from './ocsp-cert-id.ts';
import { PkiError } from './pki-error.ts';
import { REVOCATION_REASONS, revocationReasonOf } from './revocation-reason.ts';
import type { RevocationReason } from './revocation-reason.ts';

/** CertStatus (RFC 6960 §4.2.1). */
export type OcspCertStatus =
  | { kind: 'good' }
  /** Without a reason, or with one that the standard does not know, `reason` is absent. */
  | { kind: 'revoked'; revokedAt: Date; reason?: RevocationReason }
  | { kind: 'unknown' };

/** The answer for one certificate. */
export interface OcspSingleResponse {
  certId: CertId;
  status: OcspCertStatus;
  thisUpdate: Date;
  /** Absent: newer information is there all the time (RFC 6960 §4.2.2.1). */
  nextUpdate?: Date;
  extensions: Extensions;
}

export interface SingleResponseFields {
  /** CertID, encoded: as the request had it. */
  certId: Uint8Array;
  status: OcspCertStatus;
  thisUpdate: Date;
  nextUpdate?: Date;
  extensions: readonly Extension[];
}

export function encodeSingleResponse(fields: SingleResponseFields): Buffer {
  const { certId, status, thisUpdate, nextUpdate, extensions } = fields;
  const contents: (Uint8Array | asn1.Tree)[] = [
    certId,
    encodeCertStatus(status),
    asn1.generalizedTime(thisUpdate),
  ];
  if (nextUpdate) contents.push({ tag: context(0), contents: [asn1.generalizedTime(nextUpdate)] });
  if (extensions.length > 0) contents.push(explicitExtensions(1, extensions));
  return asn1.tree({ tag: TAG.sequence, contents });
}

export function readSingleResponse(fields: Cursor): OcspSingleResponse {
  const certId = readCertId(fields);
  const status = readCertStatus(fields);
  const thisUpdate = timeOf(fields.read(TAG.generalizedTime));
  const next = fields.intoOptional(context(0));
  const nextUpdate = next && timeOf(next.read(TAG.generalizedTime));
  next?.end();
  const wrapper = fields.intoOptional(context(1));
  const extensions: Extensions = wrapper ? readExtensions(wrapper.into(TAG.sequence)) : new Map();
  wrapper?.end();
  fields.end();
  return { certId, status, thisUpdate, ...(nextUpdate && { nextUpdate }), extensions };
}

const GOOD = Buffer.from([contextPrimitive(0), 0]);
const UNKNOWN = Buffer.from([contextPrimitive(2), 0]);

function encodeCertStatus(status: OcspCertStatus): Buffer {
  if (status.kind === 'good') return GOOD;
  if (status.kind === 'unknown') return UNKNOWN;
  const parts = [asn1.generalizedTime(status.revokedAt)];
  // As in CRLs, unspecified is said by saying nothing (RFC 5280 §5.3.1).
  if (status.reason !== undefined && status.reason !== 'unspecified') {
    parts.push(asn1.explicit(0, asn1.enumerated(REVOCATION_REASONS[status.reason])));
  }
  return asn1.element(context(1), ...parts);
}

function readCertStatus(fields: Cursor): OcspCertStatus {
  const choice = fields.next();
  switch (choice.tag) {
    case contextPrimitive(0):
      return { kind: 'good' };
    case contextPrimitive(2):
      return { kind: 'unknown' };
    case context(1):
      return readRevokedInfo(fields.open(choice));
    default:
      throw new PkiError(
        'ocsp-response-malformed',
        `certificate status with tag 0x${choice.tag.toString(16)}`,
      );
  }
}

function readRevokedInfo(info: Cursor): OcspCertStatus {
  const revokedAt = timeOf(info.read(TAG.generalizedTime));
  const wrapper = info.intoOptional(context(0));
  const reason = wrapper && revocationReasonOf(numberOf(wrapper.read(TAG.enumerated)));
  wrapper?.end();
  info.end();
  return { kind: 'revoked', revokedAt, ...(reason && { reason }) };
}
