import { formatJalali } from '../../core/jalali.ts';
import { ActivationDesk } from './activation-desk.ts';
import { applicationBody } from './applications.ts';
import { passkeyOf } from './approve.ts';
import { CardDesk } from './card-desk.ts';
import { issueDoctor } from './issue-doctor.ts';
import { memorySigner } from './memory-signer.ts';
import type { SecondOffice } from './second-office.ts';

const BOUNDARY = 'between-parts';
const PAPER = '%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\nstartxref\n9\n%%EOF\n';
const PART =
  'content-disposition: form-data; name="file"; filename="form.pdf"\r\ncontent-type: application/pdf';

/** A paper as a browser sends it. */
export const PAPER_UPLOAD = {
  headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  payload: `--${BOUNDARY}\r\n${PART}\r\n\r\n${PAPER}\r\n--${BOUNDARY}--\r\n`,
};

/** One of each thing that an office has and an address or a body can name. */
export interface OfficeObjects {
  officeId: string;
  officerId: string;
  applications: { draft: string; submitted: string; issued: string; activation: string };
  evidenceId: string;
  legalHoldId: string;
  officerChangeId: string;
  passkeyId: string;
  sessionId: string;
  inspectionId: string;
  cardId: string;
  spareCardSerial: string;
  /** Of a case whose card is not chosen yet. */
  spareDraft: string;
  personalisationId: string;
  serialNumber: string;
  officersSerialNumber: string;
  nationalId: string;
  /** What stands in the answers of somebody who sees any of it. */
  traces: string[];
}

/** Has the office do some of everything; `mark` tells its cards from another's. */
export async function fillOffice(
  office: Omit<SecondOffice, 'officerIds'>,
  mark: string,
): Promise<OfficeObjects> {
  const { officeId, service } = office;
  const desk = new CardDesk(service);
  const { id: officerId } = await desk.done('clerk', 'GET', '/sessions/current');
  const spareCardSerial = `${mark}2`;
  await desk.stock([`${mark}1`, spareCardSerial], officeId);
  const { profile, applicant } = await applicationBody({ profile: 'signing-card' });
  const form = { draft: true, profile, applicant, delivery: 'card' };
  const draft = (await desk.done('clerk', 'POST', '/applications', form)).id;
  const opened = { applicationId: draft, cardSerial: `${mark}1`, keyType: 'p-256' };
  const personalisationId = (await desk.done('clerk', 'POST', '/personalisations', opened)).id;
  const waiting = await applicationBody();
  const spare = { draft: true, profile, applicant: waiting.applicant, delivery: 'card' };
  const spareDraft = (await desk.done('clerk', 'POST', '/applications', spare)).id;
  const filed = await applicationBody();
  const submitted = (await desk.done('clerk', 'POST', '/applications', filed)).id;
  const doctor = await issueDoctor(service);
  const counter = new ActivationDesk(service);
  const activation = (await counter.filePhone()).id;
  await counter.approve(activation);
  const order = { orderNumber: '1404/7' };
  const hold = await desk.done('security-officer', 'POST', `/applications/${submitted}/legal-holds`, order);
  const adding = { kind: 'add', officeId, name: 'نو', roles: ['clerk'] };
  const change = await desk.done('office-manager', 'POST', '/officer-changes', adding);
  const approver = await desk.cookieOf('approving-officer');
  await passkeyOf(service.app, approver);
  const [passkey] = (await desk.done({ cookie: approver }, 'GET', '/passkeys')).items;
  const [session] = (await desk.done({ cookie: approver }, 'GET', '/sessions')).items;
  const inspected = { officeId, ...today(desk), sampleSize: 1 };
  const inspection = await desk.done('auditor', 'POST', '/inspections', inspected);
  const ids = {
    officeId,
    officerId,
    evidenceId: await addPaper(desk, submitted),
    legalHoldId: hold.id,
    officerChangeId: change.id,
    passkeyId: passkey.id,
    sessionId: session.id,
    inspectionId: inspection.id,
    cardId: (await desk.cardOf(`${mark}1`)).id,
    spareCardSerial,
    spareDraft,
    personalisationId,
    serialNumber: doctor.certificate.serialNumber.toString('hex'),
    officersSerialNumber: await certifyOfficer(desk),
    nationalId: doctor.body.applicant.nationalId,
  };
  const applications = { draft, submitted, issued: doctor.applicationId, activation };
  const people = [applicant, filed.applicant, doctor.body.applicant].map(({ nationalId }) => nationalId);
  return { ...ids, applications, traces: [...Object.values(ids), ...Object.values(applications), ...people] };
}

function today(desk: CardDesk) {
  const day = formatJalali(desk.service.clock.now());
  return { from: day, to: day, dueOn: day };
}

async function addPaper(desk: CardDesk, applicationId: string): Promise<string> {
  const answer = await desk.service.app.inject({
    method: 'POST',
    url: `/api/v1/applications/${applicationId}/evidence?kind=signed-form`,
    headers: { cookie: await desk.cookieOf('clerk'), ...PAPER_UPLOAD.headers },
    payload: PAPER_UPLOAD.payload,
  });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json<{ id: string }>().id;
}

/** A certificate of the office's clerk, asked for and confirmed. */
async function certifyOfficer(desk: CardDesk): Promise<string> {
  const { certificationRequest } = await applicationBody({}, memorySigner());
  const asked = await desk.done('clerk', 'POST', '/officer-certificates', { certificationRequest });
  await desk.done('ca-operator', 'POST', `/officer-changes/${asked.id}/confirm`);
  const { items } = await desk.done('clerk', 'GET', '/officer-certificates');
  return (items[0] as unknown as { serialNumber: string }).serialNumber;
}
