import type { Extension } from '../pki/extension.ts';
import { certHashExtension, extendedRevokeExtension, nonceExtension } from '../pki/ocsp-extensions.ts';
import type { OcspRequest } from '../pki/ocsp-request.ts';
import { encodeResponseData } from '../pki/ocsp-response.ts';
import { encodeSingleResponse } from '../pki/ocsp-single-response.ts';
import type { OcspCertStatus } from '../pki/ocsp-single-response.ts';
import type { StatusIndex } from './status-index.ts';

/** The times of an answer, in whole seconds. */
export interface AnswerTimes {
  /** When the status was last known to be current (RFC 6960 §2.4). */
  thisUpdate: Date;
  nextUpdate: Date;
  producedAt: Date;
}

/**
 * What is said of a serial number that was never issued; never `good`. `extended-revoke`: revoked since 1970-01-01 with
 * certificateHold (RFC 6960 §2.2); `unknown` for clients that take that to be a certificate which may come back.
 */
export type NeverIssuedAnswer = 'extended-revoke' | 'unknown';

export interface ResponseInputs extends AnswerTimes {
  request: OcspRequest;
  index: StatusIndex;
  /** Place of each requested certificate in the index. */
  places: readonly number[];
  responderKeyHash: Buffer;
  archiveCutoff: Extension;
  neverIssued: NeverIssuedAnswer;
}

/** Builds the ResponseData for a request. */
export function buildResponseData(inputs: ResponseInputs): Buffer {
  const { request, places, responderKeyHash, producedAt } = inputs;
  const responses = request.requests.map(({ certId }, at) =>
    buildSingleResponse(certId.bytes, places[at], inputs),
  );
  const extensions: Extension[] = [];
  if (request.nonce) extensions.push(nonceExtension(request.nonce));
  if (inputs.neverIssued === 'extended-revoke' && places.some((place) => place < 0))
    extensions.push(EXTENDED_REVOKE);
  return encodeResponseData({ responderKeyHash, producedAt, responses, extensions });
}

const EXTENDED_REVOKE = extendedRevokeExtension();

const NEVER_ISSUED: Record<NeverIssuedAnswer, OcspCertStatus> = {
  'extended-revoke': { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' },
  unknown: { kind: 'unknown' },
};

function buildSingleResponse(certId: Buffer, place: number, inputs: ResponseInputs): Buffer {
  const { index, thisUpdate, nextUpdate, archiveCutoff, neverIssued } = inputs;
  if (place < 0) {
    return encodeSingleResponse({
      certId,
      status: NEVER_ISSUED[neverIssued],
      thisUpdate,
      nextUpdate,
      extensions: [],
    });
  }
  const extensions = [certHashExtension(index.certHashAt(place)), archiveCutoff];
  return encodeSingleResponse({ certId, status: index.statusAt(place), thisUpdate, nextUpdate, extensions });
}
