import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { applicationBody } from './applications.ts';
import { approve } from './approve.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';
import type { TestService } from './test-service.ts';

export interface IssuedDoctor {
  applicationId: string;
  certificate: Certificate;
  /** Path of the certificate in the API. */
  path: string;
  signer: MemorySigner;
  /** What was filed. */
  body: Awaited<ReturnType<typeof applicationBody>>;
}

/** Files and approves an application as two officers do, and reads the certificate. */
export async function issueDoctor(
  { app, cookieOf }: TestService,
  override: Record<string, unknown> = {},
  signer: MemorySigner = memorySigner(),
): Promise<IssuedDoctor> {
  const [clerk, approver] = [await cookieOf('clerk'), await cookieOf('approving-officer')];
  const body = await applicationBody(override, signer);
  const send = async (cookie: string, method: 'GET' | 'POST', url: string, payload?: object) => {
    const response = await app.inject({ method, url: `/api/v1${url}`, headers: { cookie }, payload });
    if (response.statusCode >= 300) throw new Error(`${method} ${url}: ${response.body}`);
    return response.json<{ id: string; items: { certificate: string }[] }>();
  };
  const { id } = await send(clerk, 'POST', '/applications', body);
  const approved = await approve(app, approver, id);
  if (approved.status !== 200) throw new Error(`not approved: ${JSON.stringify(approved.body)}`);
  const { items } = await send(clerk, 'GET', `/certificates?applicationId=${id}`);
  const certificate = parseCertificate(decodePem(items[0].certificate, ['CERTIFICATE'])[0].bytes);
  const path = `/api/v1/certificates/bronze/${certificate.serialNumber.toString('hex')}`;
  return { applicationId: id, certificate, path, signer, body };
}
