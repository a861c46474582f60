import { parseSignedData } from '../cms/signed-data.ts';
import type { SignedData } from '../cms/signed-data.ts';
import { CMS } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { parseTstInfo } from './tst-info.ts';
import type { TstInfo } from './tst-info.ts';

/** TimeStampToken (RFC 3161 §2.4.2): a SignedData over a TSTInfo with the authority as its one signer. */
export interface TimeStampToken {
  signedData: SignedData;
  info: TstInfo;
}

/** Tokens have 1,000 to 10,000 octets; one that carries certificates and CRLs for its validation stays below this. */
const TIME_STAMP_TOKEN_OCTETS_MAX = 4 * 1024 * 1024;

/**
 * Reads a token in DER or BER; its signature is not verified here. Throws PkiError `cms-malformed`, `der-malformed`
 * or `time-stamp-malformed`.
 */
export function parseTimeStampToken(bytes: Uint8Array): TimeStampToken {
  if (bytes.length > TIME_STAMP_TOKEN_OCTETS_MAX) {
    throw malformed(`${bytes.length} octets, at most ${TIME_STAMP_TOKEN_OCTETS_MAX}`);
  }
  const signedData = parseSignedData(bytes);
  const { contentType, content, signerInfos } = signedData;
  if (contentType !== CMS.tstInfo) throw malformed(`content type ${contentType}, expected TSTInfo`);
  if (!content) throw malformed('the token does not envelop its TSTInfo');
  // RFC 3161 §2.4.2: no signature but the authority's.
  if (signerInfos.length !== 1) throw malformed(`${signerInfos.length} signers, expected one`);
  return { signedData, info: parseTstInfo(content) };
}

function malformed(detail: string): PkiError {
  return new PkiError('time-stamp-malformed', detail);
}
