import { readAsicManifest } from '../../formats/asic/asic-manifest.ts';
import { asicRoleOf, fileNameOf } from '../../formats/asic/asic-names.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import type { ZipEntry } from '../../formats/zip/read-zip.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import type { ZipContent } from '../../formats/zip/write-zip.ts';
import { augmentCades } from '../cades/augment-cades.ts';
import type { CadesAugmentation } from '../cades/augment-cades.ts';
import { SigningError } from '../signing-error.ts';
import { archiveAsic, isArchived } from './archive-asic.ts';
import { augmentXades } from '../xades/augment-xades.ts';

export type AsicAugmentation = Omit<CadesAugmentation, 'content'>;

/**
 * Lifts each signature of a container, XAdES and CAdES; the files and their order stay as they are. The archive time stamp of
 * CMS is a file of its own, over an ASiCArchiveManifest. Throws FormatError, and SigningError
 * `augmentation-not-possible`.
 */
export async function augmentAsic(container: Buffer, augmentation: AsicAugmentation): Promise<Buffer> {
  const { entries } = readZip(container);
  if (!entries.some(({ name }) => isSignature(name))) throw notPossible('the container has no signature');
  const contents: ZipContent[] = [];
  for (const entry of entries) {
    const { name, isStored: stored, modifiedAt } = entry;
    contents.push({ name, stored, modifiedAt, bytes: await augmented(entry, entries, augmentation) });
  }
  const hasCms = contents.some(({ name }) => asicRoleOf(name) === 'cades');
  const isArchiving = hasCms && augmentation.level === 'B-LTA';
  const files = isArchiving ? await archiveAsic(contents, augmentation) : contents;
  return writeZip(files, entries[0].modifiedAt);
}

function isSignature(name: string): boolean {
  return ['xades', 'cades'].includes(asicRoleOf(name));
}

async function augmented(
  { name, bytes }: ZipEntry,
  entries: readonly ZipEntry[],
  augmentation: AsicAugmentation,
): Promise<Buffer> {
  const role = asicRoleOf(name);
  if (role === 'cades') {
    if (isArchived(name, entries)) return bytes;
    const level = augmentation.level === 'B-LTA' ? 'B-LT' : augmentation.level;
    return augmentCades(bytes, { ...augmentation, level, content: signedBy(name, entries) });
  }
  if (role !== 'xades') return bytes;
  const contents = (uri: string | undefined) => {
    const file = uri === undefined ? undefined : fileNameOf(uri);
    return entries.find((entry) => entry.name === file)?.bytes;
  };
  return augmentXades(bytes, { ...augmentation, contents });
}

/** The manifest of a CMS signature, or the one file of an ASiC-S. */
function signedBy(name: string, entries: readonly ZipEntry[]): Buffer {
  const manifest = entries.find(
    (entry) => asicRoleOf(entry.name) === 'manifest' && readAsicManifest(entry.bytes).signedBy === name,
  );
  if (manifest) return manifest.bytes;
  const [only, ...others] = entries.filter((entry) => asicRoleOf(entry.name) === 'content');
  if (!only || others.length > 0) throw notPossible('no manifest says what is signed');
  return only.bytes;
}

function notPossible(detail: string): SigningError {
  return new SigningError('augmentation-not-possible', detail);
}
