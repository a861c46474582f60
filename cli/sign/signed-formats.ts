import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';

/** What every format signs at B-B. */
export interface FormatOrder {
  content: Buffer;
  detached: boolean;
  mimeType?: string;
  signer: Signer;
  certificate: Certificate;
  chain: readonly Certificate[];
  signingTime: Date;
}

export interface SignedFormat {
  /** As `--format` and the table of augmentation name it. */
  name: string;
  /** Of the file that is written beside the document. */
  extension: string;
  sign(order: FormatOrder): Promise<Buffer>;
}

/** What `mohr sign` makes, one row a format. */
export const SIGNED_FORMATS: readonly SignedFormat[] = [{ name: 'cades', extension: 'p7m', sign: signCades }];
