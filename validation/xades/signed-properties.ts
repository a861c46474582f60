import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { signaturePolicyOf } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import { childElements, childNamed, childrenNamed, isNamed, textOf } from '../../formats/xml/xml-node.ts';
import type { XmlElement } from '../../formats/xml/xml-node.ts';
import type { SignedProperties } from '../presented-signature.ts';

const TEXTS_MAX = 16;

/** What SignedProperties say beside the content (ETSI EN 319 132-1 §5.2); undefined: nothing. */
export function signedPropertiesOf(properties: QualifyingProperties): SignedProperties | undefined {
  const { signedSignature, signedDataObject } = properties;
  const signaturePolicy = signaturePolicyOf(properties);
  const claimedRoles = rolesOf(signedSignature);
  const productionPlace = textsOf(
    childNamed(signedSignature, NAMESPACE.xades, 'SignatureProductionPlaceV2') ??
      childNamed(signedSignature, NAMESPACE.xades, 'SignatureProductionPlace'),
  ).join(', ');
  const commitmentTypes = commitmentsOf(signedDataObject);
  const said: SignedProperties = {
    ...(signaturePolicy !== undefined && { signaturePolicy }),
    ...(commitmentTypes.length > 0 && { commitmentTypes }),
    ...(claimedRoles.length > 0 && { claimedRoles }),
    ...(productionPlace !== '' && { productionPlace }),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

/** SignerRoleV2 and its predecessor (§5.2.6); certified ones are not read. */
function rolesOf(signedSignature: XmlElement | undefined): string[] {
  const signer =
    childNamed(signedSignature, NAMESPACE.xades, 'SignerRoleV2') ??
    childNamed(signedSignature, NAMESPACE.xades, 'SignerRole');
  return textsOf(childNamed(signer, NAMESPACE.xades, 'ClaimedRoles'));
}

/** CommitmentTypeIndication (§5.2.3). */
function commitmentsOf(signedDataObject: XmlElement | undefined): string[] {
  const indications = signedDataObject
    ? childrenNamed(signedDataObject, NAMESPACE.xades, 'CommitmentTypeIndication')
    : [];
  return indications
    .flatMap((indication) => childNamed(indication, NAMESPACE.xades, 'CommitmentTypeId') ?? [])
    .flatMap((id) => childElements(id))
    .filter((id) => isNamed(id, NAMESPACE.xades, 'Identifier'))
    .map((identifier) => textOf(identifier).trim())
    .slice(0, TEXTS_MAX);
}

function textsOf(element: XmlElement | undefined): string[] {
  const texts = element ? childElements(element).map((child) => textOf(child).trim()) : [];
  return texts.filter(Boolean).slice(0, TEXTS_MAX);
}
