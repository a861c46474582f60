import type { SignatureFormat } from '../assemble-signature.ts';
import { AUGMENTED_FORMATS, augmentSignature } from '../augment-signature.ts';
import type { Augmentation } from '../augment-signature.ts';
import type { SignatureLevel } from '../signature-level.ts';
import { SigningError } from '../signing-error.ts';

/** What a session may ask for; an archive time stamp comes later, when a signature grows old. */
export const SESSION_LEVELS = ['B-B', 'B-T', 'B-LT'] as const satisfies readonly SignatureLevel[];
export type SessionLevel = (typeof SESSION_LEVELS)[number];

/** Where time stamps and validation material come from. */
export type LevelSources = Pick<Augmentation, 'timeStamper' | 'material'>;

/** Throws SigningError `level-not-offered` for a format that is signed at B-B only, and for documents that stay with who asks. */
export function assertLevelOffered(
  { format, level = 'B-B' }: { format: SignatureFormat; level?: SessionLevel },
  documents: readonly { signed: object }[],
): void {
  if (level === 'B-B') return;
  if (!AUGMENTED_FORMATS.some(({ name }) => name === format))
    throw new SigningError('level-not-offered', `${format} is signed at B-B here`);
  if (documents.some(({ signed }) => !('content' in signed || 'pdf' in signed)))
    throw new SigningError(
      'level-not-offered',
      'a hash is signed at B-B: lift the signature where its document is',
    );
}

/** Lifts what a phone signed. Throws what `augmentSignature` throws: no level is claimed that is not reached. */
export async function lifted(
  sources: LevelSources,
  { format, level }: { format: SignatureFormat; level: SessionLevel },
  signature: Buffer,
  content: Buffer | undefined,
): Promise<Buffer> {
  if (level === 'B-B') return signature;
  const augmentation = { ...sources, level, format, ...(content && { content }) };
  return (await augmentSignature(signature, augmentation)).signature;
}
