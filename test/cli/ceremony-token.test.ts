import { readdirSync } from 'node:fs';

import t from 'tap';

import { CeremonyFolder, MAKE_ROOT } from '../support/ceremony-folder.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { softToken } from '../support/soft-token.ts';

t.test('a root whose key is made on a token and never leaves it', async (t) => {
  const token = softToken(t);
  const machine = new CeremonyFolder(t);
  // The PIN comes by the reviewed file's own source: the URI has none.
  const uri = (object: string) => token.uri(object).replace(/&pin-source=.*/, '');
  const keyStore = { pin: { file: token.pinFile } };
  const transcriptKey = { reference: uri('transcripts') };
  const root = {
    ...MAKE_ROOT,
    keyStore,
    transcriptKey: { ...transcriptKey, make: 'p-256' },
    key: { reference: uri('root'), make: 'p-384' },
  };
  const transcript = await machine.run('01-root.yaml', root);
  t.match(transcript.keys, [
    {
      role: 'transcript',
      reference: 'pkcs11:token=Health%20CA;object=transcripts',
      algorithm: 'ecdsa-sha256',
      made: true,
    },
    {
      role: 'root',
      reference: 'pkcs11:token=Health%20CA;object=root',
      algorithm: 'ecdsa-sha384',
      made: true,
    },
  ]);
  t.notMatch(
    JSON.stringify(transcript),
    /pin-source|module-path/,
    'where module and PIN are stays on the machine',
  );
  t.strictSame(readdirSync(machine.path('keys')), [], 'no key lies in a file');

  const issuer = { id: 'root', certificate: machine.reviewed('out/root.pem'), key: uri('root') };
  const crl = { act: 'root-crl', keyStore, transcriptKey, issuer, crlNumber: 1, validity: 'P1Y' };
  await machine.run('02-crl.yaml', crl);
  const verify = ['crl', '-inform', 'DER', '-in', 'out/root-1.crl', '-CAfile', 'out/root.pem', '-noout'];
  runOpenssl(verify, { cwd: machine.folder });
  const stem = 'out/02-crl.transcript';
  const signature = ['-verify', `${stem}.pub.pem`, '-signature', `${stem}.sig`, `${stem}.json`];
  t.match(runOpenssl(['dgst', '-sha256', ...signature], { cwd: machine.folder }).toString(), /Verified OK/);

  const again = { ...root, output: 'again', transcriptKey };
  await t.rejects(
    machine.run('03-root.yaml', again),
    { code: 'key-exists' },
    'no second key of that name is made',
  );
});
