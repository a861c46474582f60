import type { Transcript } from '../../ca/ceremony/transcript.ts';
import { transcriptText } from '../../ca/ceremony/transcript-text.ts';
import type { Signer } from '../../keys/signer.ts';
import { encodePem } from '../../pki/pem.ts';

/** What a transcript's files are called, after the reviewed file's name. */
export const TRANSCRIPT_SUFFIXES = [
  '.transcript.json',
  '.transcript.txt',
  '.transcript.sig',
  '.transcript.pub.pem',
];

/**
 * The files of a transcript: JSON, text, the bare signature over the JSON's octets, and the public key (PEM). The key signs
 * transcripts and nothing else: a CA key that signed a text of somebody's choosing could be made to sign a certificate. JSON
 * begins with `{`, so that no signature here is one over DER.
 */
export async function sealTranscript(
  transcript: Transcript,
  stem: string,
  signer: Signer,
): Promise<{ name: string; contents: Uint8Array }[]> {
  const json = Buffer.from(`${JSON.stringify(transcript, undefined, 2)}\n`);
  const contents = [
    json,
    Buffer.from(transcriptText(transcript)),
    await signer.sign(json),
    Buffer.from(encodePem('PUBLIC KEY', signer.subjectPublicKeyInfo)),
  ];
  return TRANSCRIPT_SUFFIXES.map((suffix, index) => ({ name: stem + suffix, contents: contents[index] }));
}
