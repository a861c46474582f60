import { councilGroups } from '../core/council-number.ts';
import type { MembershipGroup } from '../core/council-number.ts';
import { readAlgorithmPolicy } from './algorithm-policy.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import { BASELINE_LEVELS } from './baseline-level.ts';
import type { ClaimedTimeConstraints, ValidationPolicy } from './policy.ts';
import { DEFAULT_RULE_SETTINGS, healthRules, professionArcOf } from './rules/health-rules.ts';
import type { HealthRuleSettings } from './rules/health-rules.ts';
import { StrictFields } from './strict-fields.ts';

type DeploymentArcs = Pick<HealthRuleSettings, 'oidArc' | 'nationalPolicyArc'>;

/** A deployment's own constraints; what it does not set is as shipped. */
export interface PolicyFile extends Omit<
  ValidationPolicy,
  'algorithms' | 'signingCertificateReference' | 'professionArc' | 'rules'
> {
  /** Absent: those of the deployment's other file, or as shipped. */
  algorithms?: AlgorithmPolicy;
  signingCertificateReference?: ValidationPolicy['signingCertificateReference'];
  /** Names of PEM files beside this one: whose time stamps count, beside those of the deployment's own anchors. */
  timeStampAnchors: string[];
  rules: Partial<Omit<HealthRuleSettings, keyof DeploymentArcs>> & {
    /** Ids of rules that are not applied. */
    off: string[];
  };
}

const KEYS = [
  'id',
  'algorithms',
  'signingCertificateReference',
  'revocationFreshnessSeconds',
  'staleStatuses',
  'requiredLevel',
  'signaturePolicies',
  'claimedSigningTime',
  'timeStampAnchors',
  'rules',
] as const;

const fields = new StrictFields('validation-policy-malformed');

/** Reads the file, which is JSON; throws ValidationError `validation-policy-malformed`, also for a key that is not known. */
export function parsePolicyFile(text: string): PolicyFile {
  const file = fields.object(fields.json(text), 'the file', KEYS);
  return {
    id: fields.text(file.id, 'id'),
    ...optional('algorithms', file.algorithms, (value) => readAlgorithmPolicy(value, fields)),
    ...optional('signingCertificateReference', file.signingCertificateReference, (value) =>
      fields.oneOf(value, 'signingCertificateReference', ['required', 'checked-if-present'] as const),
    ),
    ...optional('revocationFreshnessSeconds', file.revocationFreshnessSeconds, (value) =>
      fields.count(value, 'revocationFreshnessSeconds'),
    ),
    ...optional('staleStatuses', file.staleStatuses, (value) =>
      fields.oneOf(value, 'staleStatuses', ['believed', 'slide'] as const),
    ),
    ...optional('requiredLevel', file.requiredLevel, (value) =>
      fields.oneOf(value, 'requiredLevel', BASELINE_LEVELS),
    ),
    ...optional('signaturePolicies', file.signaturePolicies, (value) =>
      fields.texts(value, 'signaturePolicies'),
    ),
    ...optional('claimedSigningTime', file.claimedSigningTime, readClaimedTime),
    timeStampAnchors: fields.texts(file.timeStampAnchors ?? [], 'timeStampAnchors'),
    rules: readRules(file.rules ?? {}),
  };
}

/** The constraints of a file with everything that it leaves as shipped. */
export function policyOfFile(
  { timeStampAnchors: _, rules, algorithms, signingCertificateReference, ...rest }: PolicyFile,
  arcs: DeploymentArcs,
  shipped: AlgorithmPolicy,
): ValidationPolicy {
  const { off, ...settings } = rules;
  const all = healthRules({ ...DEFAULT_RULE_SETTINGS, ...settings, ...arcs });
  return {
    ...rest,
    algorithms: algorithms ?? shipped,
    signingCertificateReference: signingCertificateReference ?? 'checked-if-present',
    professionArc: professionArcOf(arcs.oidArc),
    rules: all.filter(({ id }) => !off.includes(id)),
  };
}

function readClaimedTime(value: unknown): ClaimedTimeConstraints {
  const known = ['required', 'laterThanProof', 'stampedWithinSeconds'];
  const row = fields.object(value, 'claimedSigningTime', known);
  return {
    required: fields.flag(row.required ?? false, 'required'),
    laterThanProof: fields.oneOf(row.laterThanProof ?? 'explained', 'laterThanProof', [
      'explained',
      'refused',
    ] as const),
    ...optional('stampedWithinSeconds', row.stampedWithinSeconds, (seconds) =>
      fields.count(seconds, 'stampedWithinSeconds'),
    ),
  };
}

function readRules(value: unknown): PolicyFile['rules'] {
  const known = ['off', 'assuranceLevelMin', 'prescribingProfessions', 'prescriberSystems'];
  const row = fields.object(value, 'rules', known);
  return {
    off: fields.texts(row.off ?? [], 'off').map((id) => fields.oneOf(id, 'a rule that is off', ruleIds())),
    ...optional('assuranceLevelMin', row.assuranceLevelMin, (level) =>
      fields.oneOf(level, 'assuranceLevelMin', [1, 2, 3, 4] as const),
    ),
    ...optional('prescribingProfessions', row.prescribingProfessions, readProfessions),
    ...optional('prescriberSystems', row.prescriberSystems, (systems) => {
      const { council, nationalId } = fields.object(systems, 'prescriberSystems', ['council', 'nationalId']);
      return {
        council: fields.texts(council ?? [], 'council'),
        nationalId: fields.texts(nationalId ?? [], 'nationalId'),
      };
    }),
  };
}

function readProfessions(value: unknown): MembershipGroup[] {
  const known = councilGroups.map(({ code }) => code);
  return fields
    .texts(value, 'prescribingProfessions')
    .map((code) => fields.oneOf(code, 'a prescribing profession', known));
}

/** Whatever the arcs are, the rules are the same. */
function ruleIds(): string[] {
  return healthRules({ ...DEFAULT_RULE_SETTINGS, oidArc: '2.999', nationalPolicyArc: '2.999' }).map(
    ({ id }) => id,
  );
}

function optional<Key extends string, Value>(
  key: Key,
  value: unknown,
  read: (value: unknown) => Value,
): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: read(value) } as Record<Key, Value>);
}
