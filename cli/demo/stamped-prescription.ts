import { systemClock } from '../../core/clock.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { CMS } from '../../pki/oid.ts';
import { liftSignature } from '../sign/lift-signature.ts';
import type { Artefacts } from './artefacts.ts';
import type { HttpClient } from './http-client.ts';
import type { Narrator } from './narrator.ts';
import type { Prescription } from './prescriptions.ts';
import type { RelyingParty } from './relying-party.ts';

export interface StampingOptions {
  narrator: Narrator;
  artefacts: Artefacts;
  /** The insurer's way to what everybody may ask. */
  http: HttpClient;
  publicUrl: string;
  party: RelyingParty;
  prescription: Prescription;
  signature: Buffer;
}

/** The insurer lifts a signature to B-LTA, as `mohr sign --level B-LTA` does with a new one; returns it. */
export async function stampPrescription({
  narrator,
  artefacts,
  http,
  publicUrl,
  party,
  prescription: { name, content },
  signature,
}: StampingOptions): Promise<Buffer> {
  narrator.step('The insurer has it stamped, with all that validates it in fifteen years: CAdES B-LTA.');
  const lifted = await liftSignature(signature, {
    format: 'cades',
    level: 'B-LTA',
    content,
    tsaUrl: `${publicUrl}/tsa`,
    anchors: [parseCertificate(await http.download('/ca/root.cer'))],
    clock: systemClock,
  });
  const [signer] = parseSignedData(lifted).signerInfos;
  const [token] = valuesOf(signer.unsignedAttributes, CMS.signatureTimeStamp);
  await artefacts.write(`${name}-stamped.p7m`, lifted);
  await artefacts.write(`${name}.tst`, token);
  await artefacts.write(`${name}.signature`, signer.signature);
  const report = await party.validate(lifted, systemClock.now());
  narrator.expect('level', report.signatures[0].level?.reached, 'B-LTA');
  return lifted;
}
