import { createHash } from 'node:crypto';

import { DOCTOR } from './doctor.ts';
import type { Cast } from './enrolment.ts';
import type { Narrator } from './narrator.ts';

/** What the doctor types at the counter. */
export const REVOCATION_PASSWORD = 'a rose of 1404';

const FORM = Buffer.from(
  '%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n' +
    'trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n',
);

/** The office archives the signed form, and the doctor sets the password for bad nights. */
export async function keepPapers({ clerk }: Cast, narrator: Narrator): Promise<void> {
  const { body } = await clerk.json('GET', `/api/v1/certificates?text=${DOCTOR.councilNumber.digits}`);
  const application = `/api/v1/applications/${body.items[0].applicationId}`;
  narrator.step('The clerk keeps the signed form with the application: sealed, its hash for ever.');
  const form = await clerk.upload(`${application}/evidence?kind=signed-form`, 'form.pdf', FORM);
  narrator.expect('answer', form.status, 201);
  narrator.expect('its hash', form.body.sha256, createHash('sha256').update(FORM).digest('hex'));
  const script = Buffer.from('<svg onload="alert(1)"/>');
  const refused = await clerk.upload(`${application}/evidence?kind=photo`, 'photo.png', script);
  narrator.expect(
    'a script that is called a picture',
    [refused.status, refused.body.code],
    [415, 'evidence-type'],
  );
  const opened = await clerk.download(`${application}/evidence/${form.body.id}`);
  narrator.expect('the form, opened again, is the same', opened.equals(FORM), true);
  narrator.step('The doctor sets a revocation password at the counter.');
  const password = { password: REVOCATION_PASSWORD };
  const set = await clerk.json('PUT', `${application}/revocation-password`, password);
  narrator.expect('answer', set.status, 204);
}
