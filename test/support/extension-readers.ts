import 'reflect-metadata';

import { X509Certificate } from '@peculiar/x509';
import { fromBER } from 'asn1js';
import type { AsnType } from 'asn1js';

import type { Extension } from '../../pki/extension.ts';
import { fixtureCertificate, physicianTemplate } from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';
import { runOpenssl } from './run-openssl.ts';

/** How others read the extensions of a certificate that we have written. */
export interface ExtensionReaders {
  peculiar: X509Certificate;
  /** What `openssl x509 -text` prints. */
  text: string;
  /** The lines beneath a title in that text, without their indentation. */
  printed(title: string): string[];
}

/** Puts the extensions into one certificate; the fixture adds its own key identifiers. */
export async function readByOthers(extensions: readonly Extension[]): Promise<ExtensionReaders> {
  const signer = memorySigner();
  const template = { ...physicianTemplate(signer.subjectPublicKeyInfo), extensions };
  const { bytes } = await fixtureCertificate(template, { signer });
  const text = runOpenssl(['x509', '-inform', 'DER', '-text', '-noout'], {
    cwd: '.',
    input: bytes,
  }).toString();
  return { peculiar: new X509Certificate(bytes), text, printed: (title) => linesBeneath(text, title) };
}

/** A value as a class of pkijs reads it. */
export function pkijsOf<Parsed>(
  value: Uint8Array,
  parse: new (options: { schema: AsnType }) => Parsed,
): Parsed {
  return new parse({ schema: fromBER(value).result });
}

function linesBeneath(text: string, title: string): string[] {
  const lines = text.split('\n').map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
  const at = lines.findIndex((line) => line.text === title);
  if (at < 0) return [];
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.text !== '' && line.indent <= lines[at].indent);
  return rest.slice(0, end).flatMap((line) => (line.text === '' ? [] : [line.text]));
}
