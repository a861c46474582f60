import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { readRenewalProof } from '../../ca/campaign/renewal-proof.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { SignerIdentifier } from '../../pki/cms/signer-info.ts';
import type { CertificateRecord } from '../../ra/certificate-directory.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import { seesAllOffices } from '../../ra/officer.ts';
import type { Officer } from '../../ra/officer.ts';
import { decodePem } from '../../pki/pem.ts';
import type { CampaignHouse } from './campaign-house.ts';
import { column, octetsOf } from './roster-application.ts';

/** Which certificate goes before, and whether it is renewed by it or replaced. */
export type Replacement = Required<Pick<IssuanceRequest, 'replaces'>> & Pick<IssuanceRequest, 'isRenewal'>;

/** What a row says of the certificate that goes before, by the kind of campaign. */
export type CheckReplaced = (
  application: DecidedApplication,
  values: Readonly<Record<string, string>>,
) => Promise<Replacement>;

/**
 * Renewal: the proof is a CMS signature over the new request by the key of a certificate of the same holder and profile, which
 * is valid now and names itself by issuer and serial number. Whether it is time to renew it, the CA says.
 */
export function checkRenewal(house: CampaignHouse, officer: Officer): CheckReplaced {
  return async (application, values) => {
    if (!values['proof']?.trim()) throw new CampaignError('renewal-proof-missing', 'proof is empty');
    const text = column(values, 'proof');
    const pem = decodePem(text.replaceAll('\\n', '\n'), ['CMS', 'PKCS7']);
    const proof = readRenewalProof(pem[0]?.bytes ?? octetsOf(text), application.certificationRequest);
    const record = await findSigner(house, proof.sid);
    assertSameHolder(record, application, officer);
    const now = house.clock.now();
    if (record.status.kind !== 'good' || record.notAfter < now || record.notBefore > now) {
      throw new CampaignError(
        'replaced-certificate-not-valid',
        'the certificate to be renewed is not valid now',
      );
    }
    proof.verify(parseCertificate(record.bytes));
    return { replaces: idOf(record), isRenewal: true };
  };
}

/** New key for a holder whose old one is lost: the officers vouch, the row names the old certificate as `<authority>/<serial>`. */
export function checkReKey(house: CampaignHouse, officer: Officer): CheckReplaced {
  return async (application, values) => {
    const [authorityId, serial = ''] = column(values, 'replaces').split('/');
    const serialNumber = Buffer.from(serial, 'hex');
    if (serialNumber.length === 0)
      throw new CampaignError('serial-malformed', 'replaces is to be <authority>/<serial in hexadecimal>');
    const record = await house.directory.find(authorityId, serialNumber);
    assertSameHolder(record, application, officer);
    return { replaces: idOf(record) };
  };
}

function idOf({ authorityId, serialNumber }: CertificateRecord): Replacement['replaces'] {
  return { authorityId, serialNumber };
}

/** Issuers of several generations may share a name: the serial number decides among them. */
async function findSigner(
  house: CampaignHouse,
  sid: SignerIdentifier,
): Promise<CertificateRecord | undefined> {
  if (sid.kind === 'subject-key-identifier') {
    throw new CampaignError('renewal-proof-malformed', 'the proof names no issuer and serial number');
  }
  for (const [id, { subject }] of house.hierarchy.certificates) {
    if (!subject.bytes.equals(sid.issuer.bytes)) continue;
    const record = await house.directory.find(id, sid.serialNumber);
    if (record) return record;
  }
  return undefined;
}

/** A certificate of an office that the officer does not see does not exist for them. */
function assertSameHolder(
  record: CertificateRecord | undefined,
  { applicant, profileId }: DecidedApplication,
  officer: Officer,
): asserts record is CertificateRecord {
  if (!record || (record.officeId !== officer.officeId && !seesAllOffices(officer))) {
    throw new CampaignError('replaced-certificate-unknown', 'no such certificate to replace');
  }
  const { nationalId, councilNumber } = record.applicant;
  const isSame =
    nationalId === applicant.nationalId &&
    councilNumber.group === applicant.councilNumber.group &&
    councilNumber.digits === applicant.councilNumber.digits;
  if (!isSame)
    throw new CampaignError(
      'replaced-certificate-of-another',
      'the certificate to replace is of another holder',
    );
  if (record.profileId !== profileId) {
    const detail = `the certificate to replace is a ${record.profileId}, the campaign issues ${profileId}`;
    throw new CampaignError('replaced-certificate-of-another', detail);
  }
}
