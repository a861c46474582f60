import { councilGroups, formatPermanentIdentifier } from '../../core/council-number.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { admissionExtension } from '../../pki/extensions/admission.ts';
import { authorityInfoAccessExtension } from '../../pki/extensions/authority-information-access.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { certificatePoliciesExtension } from '../../pki/extensions/certificate-policies.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import {
  authorityKeyIdentifierExtension,
  parseSubjectKeyIdentifier,
  subjectKeyIdentifierExtension,
} from '../../pki/extensions/key-identifiers.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../../pki/extensions/ocsp-no-check.ts';
import { naturalPersonSemanticsExtension } from '../../pki/extensions/qc-statements.ts';
import { permanentIdentifierExtension } from '../../pki/extensions/subject-alternative-name.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE, KP } from '../../pki/oid.ts';
import { caIssuersUri, completeCrlUri, ocspUri, shardCrlUri } from '../authority/distribution-points.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import type { Profile } from '../profile.ts';
import type { IssuanceRequest } from './issuance-request.ts';
import { policyOids, resolveOid } from './policy-oids.ts';

/** Everything an extension may depend on. */
export interface ExtensionInputs {
  profile: Profile;
  request: Pick<IssuanceRequest, 'subjectPublicKeyInfo' | 'councilNumber'>;
  /** Whether hardware of the holder's phone is known to hold the key. */
  isAttested?: boolean;
  names: DeploymentNames;
  serialNumber: Uint8Array;
  /** The issuing CA; absent for a self-signed root. */
  issuer?: { id: string; assuranceLevel: number; certificate: Certificate; crlShards: number };
}

/** The extensions that a profile asks for, in the order in which an auditor reads them. */
export function buildExtensions(inputs: ExtensionInputs): Extension[] {
  const common = commonExtensions(inputs);
  return BUILDERS.flatMap((builder, index) => builder.of?.(inputs) ?? common[index] ?? []);
}

type CommonInputs = Pick<ExtensionInputs, 'profile' | 'names' | 'issuer'>;

/** `common`: the same in every certificate of a profile by an issuer; `of`: of this certificate, and in the place of the other. */
interface Builder {
  common?: (inputs: CommonInputs) => Extension | undefined;
  of?: (inputs: ExtensionInputs) => Extension | undefined;
}

const BUILDERS: readonly Builder[] = [
  { common: ({ issuer }) => issuer && authorityKeyIdentifierExtension(subjectKeyIdOf(issuer.certificate)) },
  { of: ({ request }) => subjectKeyIdentifierExtension(keyIdentifier(request.subjectPublicKeyInfo)) },
  { common: ({ profile }) => keyUsageExtension(profile.extensions.keyUsage) },
  { common: ({ profile }) => basicConstraintsExtension(profile.extensions.basicConstraints) },
  { common: extendedKeyUsage },
  { common: policies, of: attestedPolicies },
  { of: permanentIdentifier },
  { of: admission },
  {
    common: ({ profile }) =>
      profile.extensions.naturalPersonSemantics ? naturalPersonSemanticsExtension() : undefined,
  },
  { of: crlDistributionPoint },
  { common: authorityInfoAccess },
  { common: ({ profile }) => (profile.extensions.ocspNoCheck ? ocspNoCheckExtension() : undefined) },
];

type CommonExtensions = readonly (Extension | undefined)[];

type KnownByIssuer = WeakMap<object, CommonExtensions>;

/**
 * By profile, then by the names, then by the issuing CA, each of which is kept as one object. Its certificate alone would
 * not do: a ceremony signs for several levels of assurance with one root.
 */
const known = new WeakMap<Profile, WeakMap<DeploymentNames, KnownByIssuer>>();
const SELF_SIGNED = {};

function commonExtensions(inputs: CommonInputs): CommonExtensions {
  const { profile, names, issuer = SELF_SIGNED } = inputs;
  const ofProfile = known.get(profile) ?? new WeakMap<DeploymentNames, KnownByIssuer>();
  known.set(profile, ofProfile);
  const ofNames = ofProfile.get(names) ?? new WeakMap<object, CommonExtensions>();
  ofProfile.set(names, ofNames);
  let extensions = ofNames.get(issuer);
  if (!extensions) {
    extensions = BUILDERS.map((builder) => {
      const extension = builder.common?.(inputs);
      return extension && { ...extension, encoded: encodeExtension(extension) };
    });
    ofNames.set(issuer, extensions);
  }
  return extensions;
}

function extendedKeyUsage({ profile: { extensions } }: CommonInputs): Extension | undefined {
  const { extendedKeyUsage: usage } = extensions;
  return (
    usage &&
    extendedKeyUsageExtension(
      usage.purposes.map((purpose) => KP[purpose]),
      usage.critical,
    )
  );
}

function policies({ profile, names, issuer }: CommonInputs): Extension | undefined {
  return policiesExtension(policyOids(profile, names, issuer?.assuranceLevel), names);
}

/** Undefined where nothing is known of the key, or the profile says nothing of it. */
function attestedPolicies({ profile, names, issuer, isAttested }: ExtensionInputs): Extension | undefined {
  const { attestedKeyPolicy } = profile.extensions;
  if (!isAttested || attestedKeyPolicy === undefined) return undefined;
  const oids = policyOids(profile, names, issuer?.assuranceLevel);
  return policiesExtension([...oids, resolveOid(attestedKeyPolicy, names)], names);
}

function policiesExtension(oids: readonly string[], names: DeploymentNames): Extension | undefined {
  if (oids.length === 0) return undefined;
  // The practice statement is named once, with the first policy.
  return certificatePoliciesExtension(
    oids.map((policy, index) => ({ policy, ...(index === 0 && { cpsUri: names.cpsUri }) })),
  );
}

function permanentIdentifier({ profile, request, names }: ExtensionInputs): Extension | undefined {
  const assigner = profile.extensions.permanentIdentifier;
  if (!assigner) return undefined;
  const identifierValue = formatPermanentIdentifier(councilNumberOf(request));
  return permanentIdentifierExtension({ identifierValue, assigner: resolveOid(assigner, names) });
}

function admission({ profile, request, names }: ExtensionInputs): Extension | undefined {
  if (!profile.extensions.admission) return undefined;
  const number = councilNumberOf(request);
  const group = councilGroups.find((candidate) => candidate.code === number.group);
  if (!group) throw new CaError('subject-incomplete', `no profession is known for group ${number.group}`);
  return admissionExtension(admissionAuthority(names), {
    items: [group.profession],
    oids: [`${names.oidArc}.4.${group.professionArc}`],
    registrationNumber: number.digits,
  });
}

const admissionAuthorities = new WeakMap<DeploymentNames, Buffer>();

/** Encoded Name of the admitting body. */
function admissionAuthority(names: DeploymentNames): Buffer {
  let encoded = admissionAuthorities.get(names);
  if (!encoded) {
    encoded = encodeName([
      { type: AT.countryName, value: 'IR' },
      { type: AT.organizationName, value: names.admissionAuthority },
    ]);
    admissionAuthorities.set(names, encoded);
  }
  return encoded;
}

/** By URI; an issuing CA has one for each shard. */
const distributionPoints = new WeakMap<DeploymentNames, Map<string, Extension>>();

function crlDistributionPoint({
  profile,
  names,
  serialNumber,
  issuer,
}: ExtensionInputs): Extension | undefined {
  const scope = profile.extensions.crlDistributionPoint;
  if (!scope || !issuer) return undefined;
  const uri =
    scope === 'shard'
      ? shardCrlUri(names.publicUrl, issuer.id, serialNumber, issuer.crlShards)
      : completeCrlUri(names.publicUrl, issuer.id);
  const known = distributionPoints.get(names) ?? new Map<string, Extension>();
  distributionPoints.set(names, known);
  let extension = known.get(uri);
  if (!extension) {
    const made = crlDistributionPointsExtension([uri]);
    extension = { ...made, encoded: encodeExtension(made) };
    known.set(uri, extension);
  }
  return extension;
}

function authorityInfoAccess({ profile, names, issuer }: CommonInputs): Extension | undefined {
  const methods = profile.extensions.authorityInfoAccess;
  if (!methods || !issuer) return undefined;
  return authorityInfoAccessExtension({
    ...(methods.includes('ocsp') && { ocsp: ocspUri(names.publicUrl, issuer.id) }),
    ...(methods.includes('caIssuers') && { caIssuers: caIssuersUri(names.publicUrl, issuer.id) }),
  });
}

function councilNumberOf(request: ExtensionInputs['request']) {
  if (!request.councilNumber) throw new CaError('subject-incomplete', 'the profile needs a council number');
  return request.councilNumber;
}

/** The issuer's own key identifier, as it stands in its certificate (RFC 5280 §4.2.1.1). */
function subjectKeyIdOf(issuer: Certificate): Buffer {
  const extension = issuer.extensions.get(CE.subjectKeyIdentifier);
  return extension ? parseSubjectKeyIdentifier(extension.value) : keyIdentifier(issuer.subjectPublicKeyInfo);
}
