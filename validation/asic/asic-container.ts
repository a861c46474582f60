import { ASIC_MEDIA_TYPES, asicRoleOf } from '../../formats/asic/asic-names.ts';
import type { AsicKind, AsicRole } from '../../formats/asic/asic-names.ts';
import { FormatError } from '../../formats/format-error.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import type { ZipEntry } from '../../formats/zip/read-zip.ts';
import type { PresentedSignature } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';

/** The files of an Associated Signature Container (ETSI EN 319 162-1) by what they are. */
export interface AsicContainer {
  kind: AsicKind;
  files: ReadonlyMap<string, Buffer>;
  named(role: AsicRole): { name: string; bytes: Buffer }[];
  reasons: readonly Reason[];
}

/** Signatures of a container with the files that they cover. */
export interface ContainerSignatures {
  signatures: PresentedSignature[];
  reasons: Reason[];
}

/** Throws FormatError `container-malformed` for a ZIP file that is no such container, or read differently by others. */
export function openAsic(bytes: Uint8Array): AsicContainer {
  const { entries } = readZip(bytes);
  const named = (role: AsicRole) => entries.filter(({ name }) => asicRoleOf(name) === role);
  const isSigned = [...named('xades'), ...named('cades'), ...named('time-stamp')].length > 0;
  const mediaType = entries.find(({ name }) => asicRoleOf(name) === 'media-type');
  if (!mediaType && !isSigned)
    throw new FormatError('container-malformed', 'a ZIP file without signatures: no ASiC container');
  return {
    kind: mediaType ? kindOf(mediaType) : named('content').length === 1 ? 'ASiC-S' : 'ASiC-E',
    files: new Map(entries.map(({ name, bytes: content }) => [name, content])),
    named,
    reasons: mediaType ? mediaTypeReasons(mediaType, entries[0]) : [],
  };
}

function kindOf({ bytes }: ZipEntry): AsicKind {
  const text = bytes.toString('latin1');
  const kinds = Object.keys(ASIC_MEDIA_TYPES) as AsicKind[];
  const kind = kinds.find((name) => ASIC_MEDIA_TYPES[name] === text);
  if (!kind) throw new FormatError('container-malformed', 'its media type is that of no ASiC container');
  return kind;
}

/** Annex A.1: so that the first octets of the file tell what it is. */
function mediaTypeReasons(mediaType: ZipEntry, first: ZipEntry): Reason[] {
  if (mediaType === first && mediaType.isStored && !mediaType.hasExtra) return [];
  const text = 'mimetype is not the first file of the container, uncompressed and without extra fields';
  return [{ code: 'container-malformed', text }];
}
