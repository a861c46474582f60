import type { PresentedDocument, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import { openAsic } from './asic-container.ts';
import type { AsicContainer } from './asic-container.ts';
import { readCadesFiles } from './read-cades-files.ts';
import { readXadesFiles } from './read-xades-files.ts';

/** Each costs verifications; a document has no more signers. */
const SIGNATURE_FILES_MAX = 16;

/**
 * Reads an ASiC-E or ASiC-S container (ETSI EN 319 162-1) with XAdES and CAdES signatures over its files; a file that none of them
 * covers is a reason. Throws FormatError `container-malformed`.
 */
export function readAsic(input: SignatureInput): PresentedDocument {
  const container = openAsic(input.signature);
  const files = [...container.named('xades'), ...container.named('cades')];
  if (files.length > SIGNATURE_FILES_MAX) {
    const text = `${files.length} files with signatures, at most ${SIGNATURE_FILES_MAX}`;
    return { signatures: [], reasons: [{ code: 'container-malformed', text }] };
  }
  const read = [readXadesFiles(container, input), readCadesFiles(container, input)];
  const signatures = read.flatMap((one) => one.signatures);
  const reasons = [...container.reasons, ...read.flatMap((one) => one.reasons)];
  if (signatures.length === 0) reasons.push({ code: 'no-signer', text: 'the container has no signature' });
  return { signatures, reasons: [...reasons, ...uncoveredFiles(container, signatures)] };
}

/** What is in a container is taken for what was signed: whatever was put in later says so. */
function uncoveredFiles(container: AsicContainer, signatures: readonly PresentedSignature[]): Reason[] {
  const covered = new Set(signatures.flatMap(({ contents }) => contents.map(({ name }) => name)));
  const uncovered = container.named('content').filter(({ name }) => !covered.has(name));
  const shown = uncovered.slice(0, 10).map(({ name }): Reason => {
    return { code: 'content-not-covered', text: `no signature covers the file ${printable(name)}` };
  });
  if (uncovered.length <= shown.length) return shown;
  const more = `no signature covers ${uncovered.length - shown.length} more files`;
  return [...shown, { code: 'content-not-covered', text: more }];
}

function printable(name: string): string {
  return name.replace(/\p{C}/gu, '?').slice(0, 80);
}
