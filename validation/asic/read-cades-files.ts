import { readAsicManifest } from '../../formats/asic/asic-manifest.ts';
import type { AsicManifest, ManifestFile } from '../../formats/asic/asic-manifest.ts';
import { FormatError } from '../../formats/format-error.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { readCades } from '../cades/read-cades.ts';
import type {
  PresentedSignature,
  PresentedTimeStamp,
  SignatureInput,
  SignedContent,
} from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import type { CryptographicResult } from '../verify-signature.ts';
import { brokenSignature } from '../broken-signature.ts';
import type { AsicContainer, ContainerSignatures } from './asic-container.ts';

/** A manifest of the container, with its octets, which are what is signed. */
interface ContainerManifest extends AsicManifest {
  name: string;
  bytes: Buffer;
}

/**
 * The CMS signatures of a container: over the one file of an ASiC-S (ETSI EN 319 162-1 §4.3.3.2), over an ASiCManifest with the
 * digests of files in an ASiC-E (§4.4.4.2); with the time-stamp tokens that are files of their own.
 */
export function readCadesFiles(container: AsicContainer, input: SignatureInput): ContainerSignatures {
  const found: ContainerSignatures = { signatures: [], reasons: [] };
  const manifests = readManifests(container, found.reasons);
  for (const { name, bytes } of container.named('cades')) {
    try {
      const signed = whatIsSigned(name, container, manifests);
      const { signatures, reasons } = readCades({
        signature: bytes,
        content: signed.bytes,
        signingCertificateReference: input.signingCertificateReference,
      });
      const stamps = { name, container, manifests };
      found.signatures.push(...signatures.map((signature) => ofFile(signature, signed, stamps)));
      found.reasons.push(...reasons);
    } catch (cause) {
      found.signatures.push(
        brokenSignature({ id: name, format: 'CAdES', packaging: 'detached' }, malformedReason(name, cause)),
      );
    }
  }
  return found;
}

function readManifests(container: AsicContainer, reasons: Reason[]): ContainerManifest[] {
  return [...container.named('manifest'), ...container.named('archive-manifest')].flatMap(
    ({ name, bytes }) => {
      try {
        return [{ ...readAsicManifest(bytes), name, bytes }];
      } catch (cause) {
        reasons.push(malformedReason(name, cause));
        return [];
      }
    },
  );
}

/** What a signature is over, what that leads to, and what does not agree with it. */
interface SignedFiles {
  bytes: Buffer;
  contents: SignedContent[];
  reasons: Reason[];
}

function whatIsSigned(
  signatureName: string,
  container: AsicContainer,
  manifests: readonly ContainerManifest[],
): SignedFiles {
  const [manifest, ...more] = manifests.filter(({ signedBy }) => signedBy === signatureName);
  if (more.length > 0) throw new FormatError('container-malformed', 'several manifests of one signature');
  if (manifest) return filesOf(manifest, container);
  const [only, ...others] = container.named('content');
  if (container.kind !== 'ASiC-S' || !only || others.length > 0)
    throw new FormatError('container-malformed', 'no manifest says what it signs');
  return { bytes: only.bytes, contents: [{ bytes: only.bytes, name: only.name }], reasons: [] };
}

function filesOf({ bytes, files }: ContainerManifest, container: AsicContainer): SignedFiles {
  const signed: SignedFiles = { bytes, contents: [], reasons: [] };
  for (const file of files) {
    const content = container.files.get(file.name);
    const fault = faultOf(file, content);
    if (fault) signed.reasons.push(fault);
    const { name, mediaType } = file;
    if (content)
      signed.contents.push({ bytes: content, name, ...(mediaType !== undefined && { mediaType }) });
  }
  return signed;
}

function faultOf(file: ManifestFile, content: Buffer | undefined): Reason | undefined {
  if (!content) return { code: 'content-missing', text: 'a file that is signed is not in the container' };
  if (digest(file.digest, content).equals(file.hash)) return undefined;
  const text = 'a file is not what was signed: its digest differs from the one in the manifest';
  return { code: 'content-digest-differs', text };
}

interface Stamps {
  /** File with the signature. */
  name: string;
  container: AsicContainer;
  manifests: readonly ContainerManifest[];
}

function ofFile(signature: PresentedSignature, signed: SignedFiles, stamps: Stamps): PresentedSignature {
  return {
    ...signature,
    id: `${stamps.name}#${signature.id}`,
    packaging: 'detached',
    contents: signed.contents,
    verify: (certificate) => withFaults(signature.verify(certificate), signed),
    timeStamps: [...signature.timeStamps, ...timeStampFiles(signature, stamps)],
    reasons: [...signature.reasons, ...signed.reasons],
  };
}

/** A signature over a manifest is no better than what the manifest says of the files; the reasons stand with the signature. */
function withFaults(result: CryptographicResult, { reasons }: SignedFiles): CryptographicResult {
  if (reasons.length === 0 || result.verdict === 'FAILED') return result;
  const isDifferent = reasons.some(({ code }) => code === 'content-digest-differs');
  return { ...result, verdict: isDifferent ? 'FAILED' : 'NOT_CHECKED' };
}

/** Tokens over a manifest that has the file of the signature among its files (§4.4.4.2, §5.2): they archive it. */
function timeStampFiles(
  signature: PresentedSignature,
  { name, container, manifests }: Stamps,
): PresentedTimeStamp[] {
  const before: Buffer[] = signature.timeStamps.map(({ token }) => token);
  return manifests
    .filter(({ files }) => files.some((file) => file.name === name))
    .flatMap((manifest) => {
      const token = container.files.get(manifest.signedBy);
      return token ? [{ manifest, token }] : [];
    })
    .map(({ manifest, token }) => {
      const protects = {
        certificates: signature.certificates.map(({ bytes }) => bytes),
        revocation: signature.revocation.map(({ bytes }) => bytes),
        timeStamps: before.filter((earlier) => isAmong(earlier, manifest, container, signature)),
      };
      before.push(token);
      return { kind: 'archive', token, imprint: (digestName) => imprint(digestName), protects };

      function imprint(digestName: Parameters<PresentedTimeStamp['imprint']>[0]): Buffer {
        const [fault] = filesOf(manifest, container).reasons;
        if (fault) throw new FormatError('container-malformed', fault.text);
        return digest(digestName, manifest.bytes);
      }
    });
}

/** A token in the signature is covered with its file, one that is a file of its own where the manifest has it. */
function isAmong(
  token: Buffer,
  manifest: ContainerManifest,
  container: AsicContainer,
  { timeStamps }: PresentedSignature,
): boolean {
  if (timeStamps.some((own) => own.token === token)) return true;
  return manifest.files.some((file) => container.files.get(file.name) === token);
}

function malformedReason(name: string, cause: unknown): Reason {
  if (!(cause instanceof FormatError) && !(cause instanceof PkiError)) throw cause;
  return { code: 'signature-malformed', text: `${name}: ${cause.detail}` };
}
