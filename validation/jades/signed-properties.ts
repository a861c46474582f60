import { listMember, mediaTypeOf, objectMember, textMember } from '../../formats/jws/jose-header.ts';
import { isJsonObject, memberOf } from '../../formats/jws/json-value.ts';
import type { JsonObject, JsonValue } from '../../formats/jws/json-value.ts';
import type { SignedProperties } from '../presented-signature.ts';

/** More than any policy has a signer say. */
const VALUES_MAX = 16;

/** What the protected header says beside the content (ETSI TS 119 182-1 §5.2.3 to §5.2.7, §5.1.3); undefined: nothing. */
export function signedPropertiesOf(header: JsonObject): SignedProperties | undefined {
  const policy = objectMember(header, 'sigPId');
  const signaturePolicy = policy && identifierOf(memberOf(policy, 'id'));
  const commitmentTypes = objectsOf(header, 'srCms').flatMap(
    (one) => identifierOf(memberOf(one, 'commId')) ?? [],
  );
  const claimedRoles = objectsOf(header, 'srAts')
    .flatMap((one) => objectsOf(one, 'claimed'))
    .flatMap((one) => listMember(one, 'qVals').filter((value) => typeof value === 'string'));
  const place = Object.values(objectMember(header, 'sigPl') ?? {}).filter(
    (value) => typeof value === 'string',
  );
  const mediaType = mediaTypeOf(memberOf(header, 'cty'));
  const properties: SignedProperties = {
    ...(signaturePolicy !== undefined && { signaturePolicy }),
    ...(commitmentTypes.length > 0 && { commitmentTypes }),
    ...(claimedRoles.length > 0 && { claimedRoles: claimedRoles.slice(0, VALUES_MAX) }),
    ...(place.length > 0 && { productionPlace: place.slice(0, VALUES_MAX).join(', ') }),
    ...(mediaType !== undefined && { mediaType }),
  };
  return Object.keys(properties).length > 0 ? properties : undefined;
}

/** An oId (§5.4.1), or its URI alone. */
function identifierOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return isJsonObject(value) ? textMember(value, 'id') : undefined;
}

function objectsOf(object: JsonObject, name: string): JsonObject[] {
  return listMember(object, name).slice(0, VALUES_MAX).filter(isJsonObject);
}
