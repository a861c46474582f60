import { fileNameOf } from '../../formats/asic/asic-names.ts';
import { FormatError } from '../../formats/format-error.ts';
import { ReadingBudget } from '../../formats/xml/resolve-reference.ts';
import type { PresentedSignature, SignatureInput } from '../presented-signature.ts';
import { brokenSignature } from '../broken-signature.ts';
import { readXmlSignatures } from '../xades/read-xades.ts';
import type { AsicContainer, ContainerSignatures } from './asic-container.ts';

/** The XAdES signatures of a container; their References are to its files and to nothing else (ETSI EN 319 162-1 §4.4.3.2). */
export function readXadesFiles(
  container: AsicContainer,
  { signingCertificateReference }: SignatureInput,
): ContainerSignatures {
  const external = (uri: string | undefined) => {
    const name = uri === undefined ? undefined : fileNameOf(uri);
    return name === undefined ? undefined : container.files.get(name);
  };
  const budget = new ReadingBudget();
  const found: ContainerSignatures = { signatures: [], reasons: [] };
  for (const { name, bytes } of container.named('xades')) {
    try {
      const { signatures, reasons } = readXmlSignatures(bytes, {
        external,
        signingCertificateReference,
        budget,
      });
      found.signatures.push(...signatures.map((signature) => ofFile(signature, name)));
      found.reasons.push(...reasons);
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
      const reason = { code: 'signature-malformed' as const, text: `${name}: ${cause.detail}` };
      found.signatures.push(brokenSignature({ id: name, format: 'XAdES', packaging: 'detached' }, reason));
    }
  }
  return found;
}

/** Ids are those of one file; contents go under the names of files rather than the URIs of References. */
function ofFile(signature: PresentedSignature, file: string): PresentedSignature {
  const contents = signature.contents.map((content) => {
    const name = content.name === undefined ? undefined : fileNameOf(content.name);
    return name === undefined ? content : { ...content, name };
  });
  return { ...signature, id: `${file}#${signature.id}`, contents };
}
