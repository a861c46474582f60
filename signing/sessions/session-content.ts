import type { StructuredMediaType } from '../display/display-document.ts';
import type { Vault } from '../sealed-content.ts';
import type { SessionDocument, SessionId, SessionWithContent } from './session.ts';

// What is in a session lies sealed: a prescription names a patient. Documents while it is open, signatures when it is signed.

interface StoredDocument {
  title: string;
  sha256: string;
  mediaType?: StructuredMediaType;
  content?: string;
  displayText?: string;
  /** A PDF, base64, and the place of its signature. */
  pdf?: { document: string; start: number; end: number };
}

export function sealDocuments(vault: Vault, id: SessionId, documents: readonly SessionDocument[]) {
  const stored = documents.map(({ title, sha256, signed }): StoredDocument => ({
    title,
    sha256: sha256.toString('hex'),
    ...storedForm(signed),
  }));
  return vault.seal(id, Buffer.from(JSON.stringify(stored)));
}

/** The documents of an open session. */
export async function unsealDocuments(vault: Vault, session: SessionWithContent): Promise<SessionDocument[]> {
  const stored = JSON.parse((await unseal(vault, session)).toString()) as StoredDocument[];
  return stored.map(({ title, sha256, ...form }) => ({
    title,
    sha256: Buffer.from(sha256, 'hex'),
    signed: signedForm(form),
  }));
}

type StoredForm = Omit<StoredDocument, 'title' | 'sha256'>;

function storedForm(signed: SessionDocument['signed']): StoredForm {
  if ('content' in signed) return { ...signed, content: signed.content.toString('base64') };
  const { displayText, pdf } = signed;
  return { displayText, ...(pdf && { pdf: { ...pdf, document: pdf.document.toString('base64') } }) };
}

function signedForm({ mediaType, content, displayText, pdf }: StoredForm): SessionDocument['signed'] {
  if (content !== undefined) return { mediaType: mediaType!, content: Buffer.from(content, 'base64') };
  const form = { displayText: displayText! };
  return pdf ? { ...form, pdf: { ...pdf, document: Buffer.from(pdf.document, 'base64') } } : form;
}

export function sealSignatures(vault: Vault, id: SessionId, signatures: readonly Buffer[]) {
  return vault.seal(id, Buffer.from(JSON.stringify(signatures.map((one) => one.toString('base64')))));
}

/** The signatures of a signed session; undefined when they are forgotten. */
export async function unsealSignatures(
  vault: Vault,
  session: SessionWithContent,
): Promise<Buffer[] | undefined> {
  if (!session.content) return undefined;
  const stored = JSON.parse((await unseal(vault, session)).toString()) as string[];
  return stored.map((one) => Buffer.from(one, 'base64'));
}

function unseal(vault: Vault, { id, content }: SessionWithContent): Promise<Buffer> {
  if (!content) throw new Error('a session without its content');
  return vault.unseal(id, content);
}
