import type { Test } from 'tap';

import { consoleUrlOf } from '../../cli/console-url.ts';
import { HttpClient } from '../../cli/demo/http-client.ts';
import { enrolPasskey } from '../../cli/demo/officers-passkey.ts';
import { RelyingParty } from '../../cli/demo/relying-party.ts';
import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { pathOf } from './office-work.ts';
import type { Case, Officers } from './office-work.ts';

/** The demonstration staff of a first start; the one who approves gets a passkey. */
export async function signInOfficers({
  publicUrl,
  loginLinks,
}: {
  publicUrl: string;
  loginLinks: readonly string[];
}): Promise<Officers> {
  const clients = loginLinks.map(() => new HttpClient(publicUrl));
  await Promise.all(clients.map((client, at) => client.signIn(loginLinks[at])));
  const [clerk, approver, operator] = clients;
  const passkey = new SoftwareAuthenticator(consoleUrlOf(publicUrl), { counts: false });
  await enrolPasskey((method, path, body) => approver.json(method, path, body), passkey);
  return { clerk, approver, passkey, operator };
}

/** What was acknowledged is there, what began is complete or was never there, and nothing is there twice. */
export async function assertAllIsThere(
  t: Test,
  officers: Officers,
  cases: Case[],
  url: string,
): Promise<void> {
  const anyone = new HttpClient(url);
  const bronze = parseCertificate(await anyone.download('/ca/bronze.cer'));
  const party = new RelyingParty(anyone, bronze, 'bronze');
  for (const one of cases) {
    if (one.id === undefined) continue;
    const application = await officers.clerk.json('GET', `/api/v1/applications/${one.id}`);
    t.equal(application.status, 200, 'what was filed is there');
    const { state } = application.body;
    if (one.approval === 'acknowledged') t.equal(state, 'issued', 'what was approved is issued');
    else t.ok(['submitted', 'issued'].includes(state), `an approval without an answer: ${state}`);
    const found = await officers.clerk.json('GET', `/api/v1/certificates?applicationId=${one.id}`);
    const { items } = found.body;
    t.equal(items.length, state === 'issued' ? 1 : 0, 'an application that is issued has one certificate');
    if (items.length === 0) continue;
    const certificate = parseCertificate(decodePem(items[0].certificate, ['CERTIFICATE'])[0].bytes);
    if (one.certificate) t.ok(certificate.bytes.equals(one.certificate.bytes), 'the one that was handed out');
    const read = await officers.clerk.json('GET', pathOf(certificate));
    const { history, status } = read.body as unknown as StatusView;
    assertHistory(t, one, history);
    const { status: answer } = await party.askOcsp(certificate, { nonce: false });
    t.equal(answer, status.kind === 'good' ? 'good' : `revoked (${status.reason})`, 'OCSP says the same');
  }
}

interface StatusView {
  status: { kind: string; reason?: string };
  history: { changeNumber: number; event: string }[];
}

/** Every change that was acknowledged, in its order, and at the end perhaps the one whose answer was lost. */
function assertHistory(t: Test, { changes }: Case, history: StatusView['history']): void {
  const events = history.map(({ event }) => event);
  const asked = ['issued', ...changes.map(({ event }) => event)];
  t.strictSame(events, asked.slice(0, events.length), events.join(' '));
  for (const [at, { changeNumber }] of changes.entries())
    if (changeNumber !== undefined)
      t.equal(history[at + 1]?.changeNumber, changeNumber, 'an acknowledged change');
}
