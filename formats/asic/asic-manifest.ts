import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { FormatError } from '../format-error.ts';
import { base64Of } from '../xml/decode-base64.ts';
import { escapeAttribute } from '../xml/canonicalize.ts';
import { NAMESPACE } from '../xml/namespaces.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { digestOfMethod, digestUri } from '../xml/xml-algorithms.ts';
import { attributeNamed, childNamed, childrenNamed, isNamed } from '../xml/xml-node.ts';
import type { XmlElement } from '../xml/xml-node.ts';
import { fileNameOf, fileUri } from './asic-names.ts';

/** Which files a CMS signature or a time-stamp token of a container is for (ETSI EN 319 162-1 annex A.4, ASiCManifest). */
export interface AsicManifest {
  /** File with the signature or the token. */
  signedBy: string;
  files: readonly ManifestFile[];
}

export interface ManifestFile {
  name: string;
  mediaType?: string;
  digest: DigestName;
  hash: Buffer;
}

const FILES_MAX = 1_000;

/** Throws FormatError `xml-malformed`, or PkiError `algorithm-unsupported`. */
export function readAsicManifest(bytes: Uint8Array): AsicManifest {
  const { root } = parseXml(bytes);
  if (!isNamed(root, NAMESPACE.asic, 'ASiCManifest')) throw malformed('no ASiCManifest');
  const [reference, ...more] = childrenNamed(root, NAMESPACE.asic, 'SigReference');
  if (!reference || more.length > 0) throw malformed('an ASiCManifest without one SigReference');
  const files = childrenNamed(root, NAMESPACE.asic, 'DataObjectReference');
  if (files.length === 0 || files.length > FILES_MAX)
    throw malformed(`an ASiCManifest of ${files.length} files, expected 1 to ${FILES_MAX}`);
  return { signedBy: nameOf(reference), files: files.map(readFileReference) };
}

function readFileReference(element: XmlElement): ManifestFile {
  const method = childNamed(element, NAMESPACE.signature, 'DigestMethod');
  const value = childNamed(element, NAMESPACE.signature, 'DigestValue');
  if (!method || !value) throw malformed('a DataObjectReference without a digest');
  const mediaType = attributeNamed(element, 'MimeType');
  return {
    name: nameOf(element),
    ...(mediaType !== undefined && { mediaType }),
    digest: digestOfMethod(method),
    hash: base64Of(value),
  };
}

function nameOf(element: XmlElement): string {
  const uri = attributeNamed(element, 'URI');
  const name = uri === undefined ? undefined : fileNameOf(uri);
  if (name === undefined) throw malformed(`a ${element.localName} to no file of the container`);
  return name;
}

/** The ASiCManifest for a signature, or a time-stamp token, over these files; `rootFile` is the one that tells of the others. */
export function encodeAsicManifest(
  signedBy: { name: string; mediaType: string },
  files: readonly { name: string; bytes: Uint8Array; mediaType?: string | undefined }[],
  digestName: DigestName,
  rootFile?: string,
): Buffer {
  const references = files.map(
    ({ name, bytes, mediaType }) =>
      `<asic:DataObjectReference URI="${escapeAttribute(fileUri(name))}"` +
      (mediaType === undefined ? '' : ` MimeType="${escapeAttribute(mediaType)}"`) +
      `${name === rootFile ? ' Rootfile="true"' : ''}><ds:DigestMethod Algorithm="${digestUri(digestName)}"/>` +
      `<ds:DigestValue>${digest(digestName, bytes).toString('base64')}</ds:DigestValue></asic:DataObjectReference>`,
  );
  return Buffer.from(
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      `<asic:ASiCManifest xmlns:asic="${NAMESPACE.asic}" xmlns:ds="${NAMESPACE.signature}">`,
      `<asic:SigReference URI="${escapeAttribute(fileUri(signedBy.name))}" MimeType="${signedBy.mediaType}"/>`,
      ...references,
      '</asic:ASiCManifest>',
    ].join(''),
  );
}

function malformed(detail: string): FormatError {
  return new FormatError('xml-malformed', detail);
}
