import { councilGroups } from '../../core/council-number.ts';
import { padImportedNationalId } from '../../core/national-id.ts';
import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { applicationIdOfRequest } from '../../ca/campaign/request-origin.ts';
import { verifyCertificationRequest } from '../../pki/certification-request.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { parseApplicant } from '../../ra/applicant-input.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import type { TwoOfficers } from './two-officers.ts';

/** Columns of a roster; `proof` for renewals and `replaces` for new keys come on top. */
export const ROSTER_COLUMNS = [
  'national_id',
  'given_name',
  'surname',
  'latin_name',
  'council_group',
  'council_digits',
  'request',
] as const;

export interface RosterTerms extends TwoOfficers {
  /** Names the campaign in decisions and events. */
  campaign: string;
  profileId: string;
  authorityId: string;
  now: Date;
}

type Values = Readonly<Record<string, string | undefined>>;

/**
 * The application that a row makes: as a clerk's, with the same checks, its request verified. Its id comes from the request.
 * Throws the DomainErrors of those checks, and CampaignError `column-missing` or `request-not-base64`.
 */
export async function applicationOfRow(values: Values, terms: RosterTerms): Promise<DecidedApplication> {
  const digits = column(values, 'council_digits');
  const applicant = parseApplicant({
    nationalId: padImportedNationalId(column(values, 'national_id')),
    givenName: column(values, 'given_name'),
    surname: column(values, 'surname'),
    latinName: column(values, 'latin_name'),
    councilNumber: { group: groupCode(column(values, 'council_group')), digits },
  });
  const request = await requestOf(column(values, 'request'));
  return {
    id: applicationIdOfRequest(request.fingerprint) as ApplicationId,
    officeId: terms.filedBy.officeId,
    state: 'approved',
    version: 1,
    profileId: terms.profileId,
    delivery: 'request',
    authorityId: terms.authorityId,
    applicant,
    certificationRequest: request.bytes,
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    filedBy: terms.filedBy.id,
    filedAt: terms.now,
    decidedBy: terms.approvedBy.id,
    decidedAt: terms.now,
    decisionNote: `campaign ${terms.campaign}`,
  };
}

/** A cell without white space and the marks of direction that copying from right-to-left text brings along. */
export function column(values: Values, name: string): string {
  const text = values[name]?.replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g, '').trim();
  if (text) return text;
  throw new CampaignError('column-missing', `${name} is empty`);
}

/** Base64 of PEM or DER; throws CampaignError `request-not-base64`. */
export function octetsOf(text: string): Buffer {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    throw new CampaignError('request-not-base64', 'neither PEM nor base64');
  return Buffer.from(compact, 'base64');
}

function requestOf(text: string): Promise<CertificationRequest> {
  // As a spreadsheet keeps it, or with the line breaks written out.
  if (text.startsWith('-----')) return verifyCertificationRequest(text.replaceAll('\\n', '\n'));
  return verifyCertificationRequest(octetsOf(text));
}

const CODE_BY_PERSIAN: ReadonlyMap<string, string> = new Map(
  councilGroups.map(({ persian, code }) => [persian, code]),
);

function groupCode(text: string): string {
  return CODE_BY_PERSIAN.get(text) ?? text.toLowerCase();
}
