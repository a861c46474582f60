import { digest } from '../../pki/digest-algorithm.ts';
import type { SignatureReport, TimeStampReport, ValidationReport } from '../report.ts';
import {
  CONSTRAINT_STATUS,
  LONG_TERM_PROCESS,
  MAIN_INDICATIONS,
  OBJECT_TYPES,
  RULE_INDICATIONS,
  SHA256_URI,
  TYPES_OF_PROOF,
  subIndicationUri,
} from './etsi-uris.ts';
import { evidenceId } from './evidence-object.ts';
import type { EvidenceObject } from './evidence-object.ts';

export interface EtsiReportInputs {
  report: ValidationReport;
  /** The signature or signed document, as it was handed in. */
  signature: Uint8Array;
  /** What is signed, where it was handed in beside the signature or taken out of it; one for each signature. */
  signedData: readonly (Uint8Array | undefined)[];
  /** Everything that the verdict rests on. */
  evidence: readonly EvidenceObject[];
  /** Of the certificate that seals the report, in DER. */
  validator: Uint8Array;
}

/**
 * The report in the structure of ETSI TS 119 102-2, as JSON: elements and attributes are members of their names, what may come
 * more than once is a list, `ds:` and `XAdES:` are left out, binary values are base64. The standard itself has an XML form only.
 */
export function etsiReport(inputs: EtsiReportInputs) {
  const { report, evidence, validator } = inputs;
  return {
    SignatureValidationReport: report.signatures.map((signature, index) =>
      signatureReport(signature, index, inputs),
    ),
    SignatureValidationObjects: {
      ValidationObject: evidence.map(({ id, kind, bytes }) => ({
        id,
        ObjectType: OBJECT_TYPES[kind],
        ValidationObjectRepresentation: { DigestAlgAndValue: sha256Of(bytes) },
      })),
    },
    SignatureValidator: { DigitalId: [{ X509Certificate: Buffer.from(validator).toString('base64') }] },
  };
}

export type EtsiReport = ReturnType<typeof etsiReport>;

function signatureReport(signature: SignatureReport, index: number, inputs: EtsiReportInputs) {
  const { report, signedData } = inputs;
  const content = signedData[index];
  return {
    SignatureIdentifier: {
      id: `signature-${index}`,
      DigestAlgAndValue: sha256Of(inputs.signature),
      HashOnly: false,
      DocHashOnly: false,
    },
    ValidationConstraintsEvaluationReport: {
      SignatureValidationPolicy: { SignaturePolicyIdentifier: { SigPolicyId: report.policy } },
      ValidationConstraint: signature.rules.map(ruleReport),
    },
    ValidationTimeInfo: {
      ValidationTime: report.validatedAt,
      BestSignatureTime: {
        POETime: signature.bestSignatureTime.at,
        TypeOfProof: TYPES_OF_PROOF[signature.bestSignatureTime.source],
      },
    },
    ...(content && { SignersDocument: signersDocument(content) }),
    SignatureAttributes: signatureAttributes(signature),
    ...(signature.certificate && { SignerInformation: signerInformation(signature) }),
    ...(signature.level.reached && {
      SignatureQuality: { SignatureQualityInformation: [`urn:mohr:level:${signature.level.reached}`] },
    }),
    SignatureValidationProcess: { SignatureValidationProcessID: LONG_TERM_PROCESS },
    SignatureValidationStatus: statusOf(signature),
  };
}

const TIME_STAMP_ATTRIBUTES: Record<TimeStampReport['kind'], string> = {
  content: 'AllDataObjectsTimeStamp',
  signature: 'SignatureTimeStamp',
  archive: 'ArchiveTimeStamp',
  document: 'DocTimeStamp',
};

function signatureAttributes({ claimedSigningTime, timeStamps }: SignatureReport) {
  const attributes: Record<string, { Signed: boolean; Time?: string; TimeStampValue?: string }[]> = {};
  if (claimedSigningTime !== undefined) attributes.SigningTime = [{ Signed: true, Time: claimedSigningTime }];
  for (const { kind, genTime } of timeStamps) {
    if (genTime === undefined) continue;
    const list = (attributes[TIME_STAMP_ATTRIBUTES[kind]] ??= []);
    list.push({ Signed: kind === 'content', TimeStampValue: genTime });
  }
  return attributes;
}

function ruleReport({ rule, outcome, detail }: SignatureReport['rules'][number]) {
  const identifier = { ValidationConstraintIdentifier: `urn:mohr:rule:${rule}` };
  if (outcome === 'not-applicable')
    return { ...identifier, ConstraintStatus: { Status: CONSTRAINT_STATUS.disabled }, Indications: detail };
  return {
    ...identifier,
    ConstraintStatus: { Status: CONSTRAINT_STATUS.applied },
    ValidationStatus: { MainIndication: RULE_INDICATIONS[outcome] },
    Indications: detail,
  };
}

function signersDocument(content: Uint8Array) {
  const { DigestValue } = sha256Of(content);
  const id = evidenceId('signed-data', Buffer.from(DigestValue, 'base64').toString('hex'));
  return {
    DigestAlgAndValue: sha256Of(content),
    SignersDocumentRepresentation: [{ VOReference: [id] }],
  };
}

function signerInformation({ certificate, signer }: SignatureReport) {
  return {
    Pseudonym: false,
    SignerCertificate: { VOReference: [evidenceId('certificate', certificate!.fingerprint)] },
    ...(signer?.name !== undefined && { Signer: signer.name }),
  };
}

function statusOf({ indication, subIndication, reasons, status, certificate }: SignatureReport) {
  const revoked = status?.now.status === 'good' ? undefined : status?.now;
  return {
    MainIndication: MAIN_INDICATIONS[indication],
    ...(subIndication !== undefined && { SubIndication: [subIndicationUri(subIndication)] }),
    AssociatedValidationReportData: [
      {
        ...(revoked && {
          RevocationStatusInformation: {
            ValidationObjectId: { VOReference: [evidenceId('certificate', certificate!.fingerprint)] },
            ...(revoked.since !== undefined && { RevocationTime: revoked.since }),
            ...(revoked.reason !== undefined && { RevocationReason: revoked.reason }),
          },
        }),
        AdditionalValidationReportData: {
          ReportData: reasons.map(({ code, text }) => ({ Type: `urn:mohr:reason:${code}`, Value: text })),
        },
      },
    ],
  };
}

function sha256Of(bytes: Uint8Array) {
  return {
    DigestMethod: { Algorithm: SHA256_URI },
    DigestValue: digest('sha256', bytes).toString('base64'),
  };
}
