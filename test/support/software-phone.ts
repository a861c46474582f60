import { createHash, sign } from 'node:crypto';

import { certificateFingerprint } from '../../pki/certificate.ts';
import { displayDocument, displayText } from '../../signing/display/display-document.ts';
import type { DisplayedDocument, SignedDocument } from '../../signing/display/display-document.ts';
import type { PatientView } from '../../signing/display/display-line.ts';
import { coveredOctets } from '../../signing/device/pdf-coverage.ts';
import {
  cadesSignedOctets,
  deviceSignInOctets,
  digestProof,
  digestProofOctets,
  hashesJoined,
  jadesSignedOctets,
  padesSignedOctets,
  verificationCodeOf,
} from '../../signing/device/signed-octets.ts';
import type { Caller } from './http-caller.ts';
import type { IssuedDoctor } from './issue-doctor.ts';
import { signReadyDigest } from './sign-ready-digest.ts';

/** What the service tells a phone of a request. */
export interface PhoneRequest {
  id: string;
  displayedName: string;
  patientView: PatientView;
  format: 'cades' | 'jades' | 'pades' | 'raw';
  expiresAt: string;
  algorithm: string;
  chain: string[];
  documents: {
    title: string;
    mediaType?: string;
    content?: string;
    sha256?: string;
    displayText?: string;
    signatureStart?: number;
    signatureEnd?: number;
  }[];
}

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T & { code?: string; state?: string };
}

/** What a phone shows and hashes by itself, of the octets that it was given. */
export interface OnScreen {
  documents: DisplayedDocument[];
  hashes: Buffer[];
  verificationCode: string;
  displaySha256: string;
}

/** A phone in software: everything that the phone's page does, with a key in memory and an honest screen. */
export class SoftwarePhone {
  readonly doctor: Pick<IssuedDoctor, 'certificate' | 'signer'>;
  #app: Caller;
  #token = '';
  #addresses = 0;

  constructor(app: Caller, doctor: SoftwarePhone['doctor']) {
    this.#app = app;
    this.doctor = doctor;
  }

  /** The same phone, talking to another node. */
  at(app: Caller): SoftwarePhone {
    const phone = new SoftwarePhone(app, this.doctor);
    phone.#token = this.#token;
    return phone;
  }

  async send<T = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
  ): Promise<Answer<T>> {
    this.#addresses += 1;
    const response = await this.#app.inject({
      method,
      url: `/api/v1/device${path}`,
      headers: this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` },
      payload,
      remoteAddress: `10.7.0.${this.#addresses % 250}`,
    });
    const body = response.body === '' ? {} : response.json<object>();
    return { status: response.statusCode, body: body as Answer<T>['body'] };
  }

  /** Proves to have the key. */
  async signIn(
    override: Partial<{ nonce: string; signature: string; digestSignature: string }> = {},
  ): Promise<Answer<{ token: string }>> {
    const { nonce } = (await this.send<{ nonce: string }>('POST', '/challenges', {})).body;
    const proof = { nonce: override.nonce ?? nonce, certificateSha256: this.#fingerprint.toString('hex') };
    const signature = this.#sign(deviceSignInOctets(proof)).toString('base64');
    const answer = await this.send<{ token: string }>('POST', '/sign-ins', {
      ...proof,
      signature,
      ...override,
    });
    if (answer.status === 201) this.#token = answer.body.token;
    return answer;
  }

  /** And that it signs digests of others, as an application with a key of the phone's own key store does. */
  async signInWithDigests(): Promise<Answer<{ token: string }>> {
    const { nonce } = (await this.send<{ nonce: string }>('POST', '/challenges', {})).body;
    const facts = { nonce, certificateSha256: this.#fingerprint.toString('hex') };
    const proof = digestProof(hash(digestProofOctets(facts)));
    const digestSignature = signReadyDigest(this.doctor.signer.privateKey, proof).toString('base64');
    return this.signIn({ nonce, digestSignature });
  }

  /** The request that waits, if there is one. */
  async fetch(waitSeconds = 0): Promise<PhoneRequest | undefined> {
    const { status, body } = await this.send<PhoneRequest>('GET', `/signature-session?wait=${waitSeconds}`);
    return status === 200 ? body : undefined;
  }

  read(request: PhoneRequest): OnScreen {
    const shown = request.documents.map(shownOf);
    const documents = shown.map((document) => displayDocument(document, request.patientView));
    const hashes = request.documents.map(signedHash);
    return {
      documents,
      hashes,
      verificationCode: verificationCodeOf(hash(hashesJoined(hashes))),
      displaySha256: hash(Buffer.from(displayText(documents))).toString('hex'),
    };
  }

  display({ id }: PhoneRequest, { displaySha256 }: Pick<OnScreen, 'displaySha256'>) {
    return this.send<{ codeChoices: string[]; signingTime: string }>(
      'POST',
      `/signature-sessions/${id}/display`,
      { displaySha256 },
    );
  }

  confirm({ id }: PhoneRequest, code: string) {
    return this.send('POST', `/signature-sessions/${id}/code`, { code });
  }

  wrongPin({ id }: PhoneRequest) {
    return this.send<{ triesLeft: number }>('POST', `/signature-sessions/${id}/pin-failures`);
  }

  refuse({ id }: PhoneRequest) {
    return this.send('POST', `/signature-sessions/${id}/refusal`);
  }

  /** Signs what it shows, as of the time that the service gave. */
  values(request: PhoneRequest, { hashes }: Pick<OnScreen, 'hashes'>, signingTime: string): string[] {
    return request.documents.map(({ content, mediaType }, index) => {
      const facts = {
        documentSha256: hashes[index],
        certificateSha256: this.#fingerprint,
        signingTime: new Date(signingTime),
        ...(mediaType !== undefined && { mediaType }),
      };
      if (request.format === 'raw')
        return signReadyDigest(this.doctor.signer.privateKey, hashes[index]).toString('base64');
      if (request.format === 'cades') return this.#sign(cadesSignedOctets(facts)).toString('base64');
      if (request.format === 'pades') return this.#sign(padesSignedOctets(facts)).toString('base64');
      const chain = request.chain.map((one) => Buffer.from(one, 'base64'));
      const jades = { ...facts, mediaType: mediaType!, chain, algorithm: request.algorithm };
      // RFC 7518 §3.4: the curve says which hash.
      const digest = request.algorithm === 'ES384' ? 'sha384' : 'sha256';
      return this.#sign(jadesSignedOctets(jades, Buffer.from(content!, 'base64')), digest).toString('base64');
    });
  }

  submit({ id }: Pick<PhoneRequest, 'id'>, signatures: string[]) {
    return this.send('POST', `/signature-sessions/${id}/signatures`, { signatures });
  }

  /** All steps with a holder who agrees; returns the last answer. */
  async approve(request: PhoneRequest): Promise<Answer> {
    const screen = this.read(request);
    const shown = await this.display(request, screen);
    if (shown.status !== 200) return shown;
    const confirmed = await this.confirm(request, screen.verificationCode);
    if (confirmed.status !== 200) return confirmed;
    return this.submit(request, this.values(request, screen, shown.body.signingTime));
  }

  get #fingerprint(): Buffer {
    return certificateFingerprint(this.doctor.certificate);
  }

  #sign(octets: Uint8Array, digest = 'sha256'): Buffer {
    return sign(digest, octets, { key: this.doctor.signer.privateKey, dsaEncoding: 'ieee-p1363' });
  }
}

export function hash(octets: Uint8Array): Buffer {
  return createHash('sha256').update(octets).digest();
}

function signedHash({
  content,
  sha256,
  signatureStart: start,
  signatureEnd: end,
}: PhoneRequest['documents'][number]): Buffer {
  if (content === undefined) return Buffer.from(sha256!, 'hex');
  const document = Buffer.from(content, 'base64');
  if (start === undefined || end === undefined) return hash(document);
  return hash(coveredOctets({ document, start, end }));
}

function shownOf({
  title,
  mediaType,
  content,
  displayText,
}: PhoneRequest['documents'][number]): SignedDocument {
  if (displayText !== undefined) return { title, displayText };
  return { title, mediaType: mediaType as 'application/json', content: Buffer.from(content!, 'base64') };
}
