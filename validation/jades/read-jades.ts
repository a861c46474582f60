import { FormatError } from '../../formats/format-error.ts';
import type { JsonObject, JsonValue } from '../../formats/jws/json-value.ts';
import { isJsonObject, memberOf } from '../../formats/jws/json-value.ts';
import { textMember } from '../../formats/jws/jose-header.ts';
import { jwsAlgorithmOf } from '../../formats/jws/jws-algorithm.ts';
import type { Jws, JwsSignature } from '../../formats/jws/jws.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { signedDataOf } from '../../formats/jws/signed-data.ts';
import type { HandedIn } from '../../formats/jws/signed-data.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { brokenSignature } from '../broken-signature.ts';
import type { PresentedDocument, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import { signerKeyOf } from '../verify-signature.ts';
import { chainOf, signingCertificateOf } from './certificate-of-header.ts';
import { signedPropertiesOf } from './signed-properties.ts';
import { readUnsignedComponents } from './unsigned-components.ts';
import type { UnsignedComponents } from './unsigned-components.ts';
import { verifyJades } from './verify-jades.ts';

/** Parameters that make a JWS a JAdES signature (ETSI TS 119 182-1 §5.1.11, §5.2, §5.3). */
const OF_JADES = ['iat', 'sigT', 'x5t#o', 'sigX5ts', 'srCms', 'sigPl', 'srAts', 'adoTst', 'sigPId', 'sigD'];
/** A countersignature signs one that may be a countersignature itself. */
const COUNTERSIGNATURES_DEEP_MAX = 4;

/**
 * Reads a JWS or JAdES signature in any serialization. A payload that `sigD` points to is looked for among what was handed in; `jku`,
 * `x5u` and URIs are never followed. Throws FormatError `jws-malformed` for what is no JWS.
 * @see RFC 7515, RFC 7797, ETSI TS 119 182-1
 */
export function readJades(input: SignatureInput): PresentedDocument {
  const jws = readJws(input.signature);
  const { signingCertificateReference, content, contentsByName } = input;
  const context = {
    signingCertificateReference,
    handedIn: { content, contentsByName },
    payload: jws.payload,
  };
  const signatures = jws.signatures.map((signature, index) =>
    present(signature, { ...context, id: String(index), depth: 0 }),
  );
  return { signatures, reasons: faultsOfDocument(jws, content) };
}

interface Context extends Pick<SignatureInput, 'signingCertificateReference'> {
  payload: Buffer | undefined;
  handedIn: HandedIn;
  id: string;
  depth: number;
}

function present(signature: JwsSignature, context: Context): PresentedSignature {
  try {
    return presentReadable(signature, context);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    return unreadable(context.id, cause.detail);
  }
}

function presentReadable(signature: JwsSignature, context: Context): PresentedSignature {
  const { protectedHeader, unprotectedHeader, fault } = signature;
  if (fault !== undefined) return unreadable(context.id, fault);
  const data = signedDataOf(protectedHeader, context.payload, context.handedIn);
  const isChainSigned = Object.hasOwn(protectedHeader, 'x5c');
  const chain = chainOf(isChainSigned ? protectedHeader : unprotectedHeader);
  const unsigned = readUnsignedComponents(signature, data, chain);
  const certificates = [...chain, ...unsigned.certificates];
  const identification = signingCertificateOf(
    { protectedHeader, chain, isChainSigned, certificates },
    context,
  );
  const claimedSigningTime = claimedTimeOf(protectedHeader);
  const signedProperties = signedPropertiesOf(protectedHeader);
  const { certificate } = identification.signingCertificate;
  const isJades =
    OF_JADES.some((name) => Object.hasOwn(protectedHeader, name)) || unsigned.components.length > 0;
  return {
    id: context.id,
    format: isJades && identification.bindsCertificate ? 'JAdES' : 'JWS',
    packaging: data.isDetached ? 'detached' : 'enveloping',
    ...(claimedSigningTime && { claimedSigningTime }),
    ...algorithmsOf(protectedHeader, certificate),
    ...(signedProperties && { signedProperties }),
    certificates,
    revocation: unsigned.revocation,
    ...identification,
    verify: (one) => verifyJades(signature, data, one),
    timeStamps: unsigned.timeStamps,
    counterSignatures: counterSignaturesOf(signature, unsigned, context),
    contents: data.objects,
    reasons: unsigned.reasons,
  };
}

/** A header that cannot be honoured makes the JWS invalid (RFC 7515 §5.2), whatever the signature value says. */
function unreadable(id: string, detail: string): PresentedSignature {
  const reason: Reason = { code: 'header-malformed', text: `the signature cannot be read: ${detail}` };
  return brokenSignature({ id, format: 'JWS', packaging: 'enveloping' }, reason);
}

/** `iat` in seconds, or the older `sigT` (ETSI TS 119 182-1 §5.1.11, §5.2.1); undefined when it is no time. */
function claimedTimeOf(header: JsonObject): Date | undefined {
  const iat = memberOf(header, 'iat');
  const sigT = textMember(header, 'sigT');
  const claimed =
    typeof iat === 'number' ? iat * 1000 : Date.parse(sigT !== undefined && RFC_3339.test(sigT) ? sigT : '');
  const time = new Date(claimed);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function algorithmsOf(
  header: JsonObject,
  certificate: Certificate | undefined,
): Pick<PresentedSignature, 'algorithms'> {
  const algorithm = jwsAlgorithmOf(memberOf(header, 'alg'), certificate && signerKeyOf(certificate));
  return algorithm ? { algorithms: { digest: algorithm.digest, scheme: algorithm.scheme } } : {};
}

/** `cSig` holds a JWS over the octets of this signature's value (ETSI TS 119 182-1 §5.3.2). */
function counterSignaturesOf(
  signature: JwsSignature,
  { components }: UnsignedComponents,
  context: Context,
): PresentedSignature[] {
  return components
    .filter(({ name }) => name === 'cSig')
    .flatMap(({ value }, index) => {
      const id = `${context.id}/${index}`;
      const depth = context.depth + 1;
      if (depth > COUNTERSIGNATURES_DEEP_MAX)
        return [unreadable(id, `countersignatures nest deeper than ${COUNTERSIGNATURES_DEEP_MAX}`)];
      try {
        const jws = readJws(encodedCounterSignature(value));
        if (jws.signatures.length !== 1 || jws.payload)
          return [unreadable(id, 'a countersignature is one signature with a detached payload')];
        const handedIn = { content: signature.signature };
        return [present(jws.signatures[0], { ...context, payload: undefined, handedIn, id, depth })];
      } catch (cause) {
        if (!(cause instanceof FormatError)) throw cause;
        return [unreadable(id, cause.detail)];
      }
    });
}

function encodedCounterSignature(value: JsonValue): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (isJsonObject(value)) return Buffer.from(JSON.stringify(value), 'utf8');
  throw new FormatError('jws-malformed', 'a countersignature is neither text nor a JSON object');
}

function faultsOfDocument({ payload }: Jws, content: Uint8Array | undefined): Reason[] {
  if (!payload || !content || payload.equals(content)) return [];
  const text = 'the document that was handed in is not the one that the signature envelops';
  return [{ code: 'content-differs-from-enveloped', text }];
}
