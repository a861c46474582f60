import { encodeAsicManifest } from '../../formats/asic/asic-manifest.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import { signCades } from '../cades/sign-cades.ts';
import { signXades } from '../xades/sign-xades.ts';
import { asReferences, packAsic } from './pack-asic.ts';
import type { AsicFile } from './pack-asic.ts';

export interface AsicRequest {
  files: readonly AsicFile[];
  /** What signs them: XAdES, or CAdES over a manifest with their digests. */
  form: 'XAdES' | 'CAdES';
  signer: Signer;
  certificate: Certificate;
  chain?: readonly Certificate[];
  signingTime: Date;
}

/**
 * Signs files in an ASiC-E container at baseline B-B (ETSI EN 319 162-1 §4.4, §5). Throws SigningError
 * `signer-certificate-mismatch` or `document-format`; what the signer rejects with passes through.
 */
export async function signAsic(request: AsicRequest): Promise<Buffer> {
  const sign = request.form === 'XAdES' ? signWithXades : signWithCades;
  return packAsic(request.files, await sign(request), request.signingTime);
}

async function signWithXades({ files, form: _form, ...request }: AsicRequest) {
  const subject = { packaging: 'detached', contents: asReferences(files), inContainer: true } as const;
  return [{ name: 'META-INF/signatures001.xml', bytes: await signXades({ ...request, subject }) }];
}

const CMS_FILE = { name: 'META-INF/signature001.p7s', mediaType: 'application/pkcs7-signature' };

async function signWithCades({ files, form: _form, ...request }: AsicRequest) {
  const digestName = SIGNATURE_SCHEMES[request.signer.algorithm].digest ?? 'sha512';
  const manifest = encodeAsicManifest(CMS_FILE, files, digestName);
  const signature = await signCades({ ...request, content: manifest, detached: true });
  return [
    { name: 'META-INF/ASiCManifest001.xml', bytes: manifest },
    { name: CMS_FILE.name, bytes: signature },
  ];
}
