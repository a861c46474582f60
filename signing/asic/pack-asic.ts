import { ASIC_MEDIA_TYPES, asicRoleOf, fileUri } from '../../formats/asic/asic-names.ts';
import { escapeAttribute } from '../../formats/xml/canonicalize.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import type { ZipContent } from '../../formats/zip/write-zip.ts';
import { readZipName, zipNameKey } from '../../formats/zip/zip-name.ts';
import { SigningError } from '../signing-error.ts';

/** A file to be signed in a container. */
export interface AsicFile {
  /** Path from the root of the container. */
  name: string;
  bytes: Uint8Array;
  mediaType: string;
}

/**
 * An ASiC-E container (ETSI EN 319 162-1 §4.4): its media type first and uncompressed, the files, and what signs them.
 * `modifiedAt` is what the files say of their age; nothing signs it.
 */
export function packAsic(
  files: readonly AsicFile[],
  signatures: readonly ZipContent[],
  modifiedAt: Date,
): Buffer {
  assertNames(files);
  const mediaType = Buffer.from(ASIC_MEDIA_TYPES['ASiC-E'], 'latin1');
  return writeZip(
    [
      { name: 'mimetype', bytes: mediaType, stored: true },
      ...files,
      { name: 'META-INF/manifest.xml', bytes: listOfFiles(files) },
      ...signatures,
    ],
    modifiedAt,
  );
}

/** Throws SigningError `document-format` for a name that a container cannot have, or that is META-INF's. */
function assertNames(files: readonly AsicFile[]): void {
  const keys = new Set(files.map(({ name }) => zipNameKey(readZipName(Buffer.from(name)))));
  const isOwn = (name: string) =>
    asicRoleOf(name) !== 'content' || /^META-INF\//i.test(name) || name.endsWith('/');
  if (files.length === 0 || keys.size !== files.length || files.some(({ name }) => isOwn(name)))
    throw new SigningError(
      'document-format',
      'the files of a container have names of their own, outside META-INF',
    );
}

/** OpenDocument's list of files, which DigiDoc looks for (§4.4.3.2 allows it). */
function listOfFiles(files: readonly AsicFile[]): Buffer {
  const entry = (path: string, mediaType: string) =>
    `<manifest:file-entry manifest:full-path="${escapeAttribute(path)}" manifest:media-type="${escapeAttribute(mediaType)}"/>`;
  return Buffer.from(
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">',
      entry('/', ASIC_MEDIA_TYPES['ASiC-E']),
      ...files.map(({ name, mediaType }) => entry(name, mediaType)),
      '</manifest:manifest>',
    ].join(''),
  );
}

/** What References of the files in a container say. */
export function asReferences(files: readonly AsicFile[]) {
  return files.map(({ name, bytes, mediaType }) => ({ uri: fileUri(name), bytes, mediaType }));
}
