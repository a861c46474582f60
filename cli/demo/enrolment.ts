import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import type { Artefacts } from './artefacts.ts';
import { DOCTOR } from './doctor.ts';
import type { DoctorsPhone } from './doctor.ts';
import { HttpClient } from './http-client.ts';
import type { Answer } from './http-client.ts';
import type { Narrator } from './narrator.ts';
import { enrolPasskey } from './officers-passkey.ts';
import type { SendAsOfficer } from './officers-passkey.ts';
import { SoftwareAuthenticator } from './software-authenticator.ts';
import type { ServiceProcess } from './service-process.ts';

/** Issuing CA of certificates whose key is on a phone. */
export const AUTHORITY = 'bronze';

/** Who takes part, each with a client of their own. */
export interface Cast {
  clerk: HttpClient;
  secondOfficer: HttpClient;
  operator: HttpClient;
  public: HttpClient;
}

export interface EnrolmentOutcome {
  cast: Cast;
  doctor: Certificate;
  issuer: Certificate;
  /** Of the second officer. */
  passkey: SoftwareAuthenticator;
}

/** First half: from the clerk's desk to the certificate. */
export class Enrolment {
  readonly #narrator: Narrator;
  readonly #artefacts: Artefacts;
  readonly #consoleOrigin: string;
  readonly #loginLinks: string[];
  readonly #phone: DoctorsPhone;
  readonly #cast: Cast;
  readonly #passkey: SoftwareAuthenticator;

  constructor(service: ServiceProcess, narrator: Narrator, artefacts: Artefacts, phone: DoctorsPhone) {
    this.#narrator = narrator;
    this.#artefacts = artefacts;
    this.#consoleOrigin = new URL(service.loginLinks[0]).origin;
    this.#loginLinks = service.loginLinks;
    this.#phone = phone;
    this.#passkey = new SoftwareAuthenticator(this.#consoleOrigin);
    const client = () => new HttpClient(service.publicUrl);
    this.#cast = { clerk: client(), secondOfficer: client(), operator: client(), public: client() };
  }

  async tell(): Promise<EnrolmentOutcome> {
    await this.#signIn();
    const application = await this.#file();
    await this.#approve(application);
    const doctor = await this.#fetchCertificate(application);
    const issuer = await this.#fetchHierarchy();
    return { cast: this.#cast, doctor, issuer, passkey: this.#passkey };
  }

  async #signIn(): Promise<void> {
    this.#narrator.step('Clerk, second officer and operator sign in with their one-time links.');
    const officers = [this.#cast.clerk, this.#cast.secondOfficer, this.#cast.operator];
    for (const [index, officer] of officers.entries()) await officer.signIn(this.#loginLinks[index]);
    const again = new HttpClient(this.#consoleOrigin);
    const reused = await again.signIn(this.#loginLinks[0]).then(
      () => 'works',
      () => 'refused',
    );
    this.#narrator.expect('the same link again', reused, 'refused');
  }

  async #file(): Promise<Answer> {
    this.#narrator.step(
      `The clerk files the application of Dr ${DOCTOR.givenName} ${DOCTOR.surname} (${DOCTOR.latinName}).`,
    );
    const { status, body } = await this.#cast.clerk.json('POST', '/api/v1/applications', {
      profile: 'signing-phone',
      applicant: DOCTOR,
      certificationRequest: await this.#phone.certificationRequest(),
    });
    this.#narrator.expect('answer', status, 201);
    this.#narrator.expect('state', body.state, 'submitted');
    return body;
  }

  async #approve(application: Answer): Promise<void> {
    const path = `/api/v1/applications/${application.id}`;
    const { version } = application;
    const { clerk, secondOfficer } = this.#cast;
    this.#narrator.step('The clerk cannot approve their own application.');
    const own = await clerk.json('POST', `${path}/approve`, { version });
    this.#narrator.expect('answer', [own.status, own.body.code], [403, 'role-missing']);
    this.#narrator.step(
      'The second officer enrols a passkey: an approval is signed, a session is not enough.',
    );
    const passkey = this.#passkey;
    const send: SendAsOfficer = (method, url, body) => secondOfficer.json(method, url, body);
    await enrolPasskey(send, passkey);
    const unsigned = await secondOfficer.json('POST', `${path}/approve`, { version });
    this.#narrator.expect('without a signature', unsigned.body.code, 'approval-unsigned');
    this.#narrator.step('The passkey signs exactly what will be issued; the certificate is issued.');
    const prepared = await secondOfficer.json('GET', `${path}/approval`);
    await this.#artefacts.write('approval.json', Buffer.from(prepared.body.canonical));
    const assertion = passkey.get(prepared.body.options);
    const approved = await secondOfficer.json('POST', `${path}/approve`, { version, assertion });
    this.#narrator.expect('answer', [approved.status, approved.body.state], [200, 'issued']);
    const replayed = await secondOfficer.json('POST', `${path}/approve`, { version, assertion });
    this.#narrator.expect('the same again', replayed.status, 409);
  }

  async #fetchCertificate(application: Answer): Promise<Certificate> {
    this.#narrator.step('The certificate is found by the doctor’s council number.');
    const path = `/api/v1/certificates?text=${DOCTOR.councilNumber.digits}`;
    const { body } = await this.#cast.clerk.json('GET', path);
    const found = body.items[0];
    this.#narrator.expect('application', found.applicationId, application.id);
    this.#narrator.expect('profile', found.profile, 'signing-phone');
    await this.#artefacts.write('doctor.pem', Buffer.from(found.certificate));
    await this.#artefacts.write('doctor.key', Buffer.from(this.#phone.privateKeyPem), 0o600);
    return parseCertificate(decodePem(found.certificate, ['CERTIFICATE'])[0].bytes);
  }

  async #fetchHierarchy(): Promise<Certificate> {
    this.#narrator.step('Issuing CA and root are downloaded from where the certificate says.');
    const { body } = await this.#cast.public.json('GET', '/api/v1/authorities');
    const [root, issuer] = ['root', AUTHORITY].map((id) => body.items.find((item) => item.id === id)!);
    await this.#artefacts.write('root.pem', Buffer.from(root.certificate));
    await this.#artefacts.write('issuer.pem', Buffer.from(issuer.certificate));
    await this.#artefacts.write('chain.pem', Buffer.from(issuer.certificate + root.certificate));
    const der = await this.#cast.public.download(`/ca/${AUTHORITY}.cer`);
    this.#narrator.expect(
      'same certificate',
      der.equals(decodePem(issuer.certificate, ['CERTIFICATE'])[0].bytes),
      true,
    );
    return parseCertificate(der);
  }
}
