import { encodeAsicManifest, readAsicManifest } from '../../formats/asic/asic-manifest.ts';
import { asicRoleOf } from '../../formats/asic/asic-names.ts';
import type { AsicRole } from '../../formats/asic/asic-names.ts';
import type { ZipContent } from '../../formats/zip/write-zip.ts';
import { ocspRevocationChoice, putTogether, takeApart } from '../../pki/cms/signed-data-parts.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { CadesAugmentation } from '../cades/augment-cades.ts';
import { stamperOf } from '../stamper-of-token.ts';

/** The newest archive manifest has this name; the ones before are numbered (ETSI EN 319 162-1 annex A.7). */
const NEWEST = 'META-INF/ASiCArchiveManifest.xml';
const TOKEN_MEDIA_TYPE = 'application/vnd.etsi.timestamp-token';

/** What is archived, by its role, with its media type; of content it is said elsewhere, and signed. */
const ARCHIVED: Partial<Record<AsicRole, string | undefined>> = {
  cades: 'application/pkcs7-signature',
  manifest: 'text/xml',
  'archive-manifest': 'text/xml',
  'time-stamp': TOKEN_MEDIA_TYPE,
  content: undefined,
};

/**
 * Stamps a container with CMS signatures for the archive: a time-stamp token over an ASiCArchiveManifest with the digests of all that
 * stands in it, earlier manifests and tokens included (ETSI EN 319 162-1 §5.3.3, annex A.7). What validates the newest token until
 * now goes into that token first: nothing is over it yet. Rejects with what the ports reject with.
 */
export async function archiveAsic(
  files: readonly ZipContent[],
  { digest: digestName = 'sha256', timeStamper, material }: CadesAugmentation,
): Promise<ZipContent[]> {
  const earlier = files.filter(({ name }) => asicRoleOf(name) === 'archive-manifest');
  const numbered = (number: number) => String(number).padStart(3, '0');
  const token = {
    name: freeName(files, `META-INF/timestamp${numbered(earlier.length + 1)}.tst`),
    mediaType: TOKEN_MEDIA_TYPE,
  };
  const renamed = freeName(files, `META-INF/ASiCArchiveManifest${numbered(earlier.length)}.xml`);
  const lastToken = lastTokenOf(files);
  const kept: ZipContent[] = [];
  for (const file of files) {
    if (file.name === NEWEST) kept.push({ ...file, name: renamed });
    else if (file.name === lastToken) kept.push({ ...file, bytes: await withMaterial(file.bytes, material) });
    else kept.push(file);
  }
  const archived = kept.filter(({ name }) => asicRoleOf(name) in ARCHIVED);
  const manifest = encodeAsicManifest(
    token,
    archived.map((file) => ({ ...file, mediaType: ARCHIVED[asicRoleOf(file.name)] })),
    digestName,
    rootFileOf(archived, renamed),
  );
  const stamp = await timeStamper.stamp(digestName, digest(digestName, manifest));
  return [...kept, { name: NEWEST, bytes: manifest }, { name: token.name, bytes: stamp }];
}

/** Whether an archive time stamp is over a file: then it stays as it is. */
export function isArchived(name: string, files: readonly ZipContent[]): boolean {
  return files.some(
    (file) =>
      asicRoleOf(file.name) === 'archive-manifest' &&
      readAsicManifest(file.bytes).files.some((one) => one.name === name),
  );
}

/** Of the newest archive manifest, if there is one: nothing is over that token. */
function lastTokenOf(files: readonly ZipContent[]): string | undefined {
  const newest = files.find(({ name }) => name === NEWEST);
  return newest && readAsicManifest(newest.bytes).signedBy;
}

/** Which of the files says what the others are: the manifest before this one. */
function rootFileOf(archived: readonly ZipContent[], renamed: string): string | undefined {
  const before = archived.find(({ name }) => name === renamed);
  return (before ?? archived.find(({ name }) => asicRoleOf(name) === 'manifest'))?.name;
}

/** Certificates and statuses stand in the token's SignedData beside its signature, which is not over them. */
async function withMaterial(token: Uint8Array, source: CadesAugmentation['material']): Promise<Buffer> {
  const { certificate, embedded } = stamperOf(token);
  const { certificates, crls, ocspResponses } = await source.materialFor([certificate], embedded);
  const { parts } = takeApart(token);
  const add = (members: Buffer[], further: readonly Buffer[]) =>
    members.push(...further.filter((one) => !members.some((known) => known.equals(one))));
  add(parts.certificates, certificates);
  add(parts.revocationChoices, [...crls, ...ocspResponses.map(ocspRevocationChoice)]);
  return putTogether(parts);
}

/** Containers of others number as they like. */
function freeName(files: readonly ZipContent[], wanted: string): string {
  const isTaken = (name: string) => files.some((file) => file.name.toLowerCase() === name.toLowerCase());
  const [, stem, ending] = /^(.*)(\.[a-z]+)$/.exec(wanted)!;
  let name = wanted;
  for (let more = 1; isTaken(name); more += 1) name = `${stem}-${more}${ending}`;
  return name;
}
