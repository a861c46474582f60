import type { ReadingBudget } from '../../formats/xml/resolve-reference.ts';
import type { XmlIds } from '../../formats/xml/xml-ids.ts';
import type { XmlDocument, XmlElement } from '../../formats/xml/xml-node.ts';
import type { SignatureInput } from '../presented-signature.ts';

/** What the signatures of one XML document have in common while they are read. */
export interface XadesHouse extends Pick<SignatureInput, 'signingCertificateReference'> {
  document: XmlDocument;
  ids: XmlIds;
  budget: ReadingBudget;
  /** Octets of what is signed outside of the document; `isOnly`: nothing else of that signature is outside. */
  external(uri: string | undefined, isOnly: boolean): Uint8Array | undefined;
}

/** A ds:Signature and, where it countersigns as a property, the SignatureValue that it has to sign. */
export interface SignaturePlace {
  element: XmlElement;
  counterSigned?: XmlElement;
}
