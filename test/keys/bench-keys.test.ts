import t from 'tap';

import { benchKeys } from '../../bench/keys.ts';
import { signRateOf } from '../../bench/openssl-speed.ts';
import { memorySigner } from '../support/memory-signer.ts';

t.test('reports signatures per second beside those of openssl', async (t) => {
  const signer = { ...memorySigner(), label: 'hsm' };
  const report = await benchKeys({ seconds: 0.02, runs: 1, keyTypes: ['p-256'], signers: [signer] });
  t.equal(report.bench, 'keys');
  t.match(report.conditions, { cores: Number, node: process.versions.node, openssl: /^OpenSSL/, runs: 1 });
  const [p256, hsm] = report.figures;
  t.match(p256, {
    id: 'keys.p-256',
    unit: 'signatures/s',
    value: Number,
    peer: { name: 'openssl speed', value: Number },
  });
  t.ok(Math.abs((p256.ratio ?? 0) - p256.value / (p256.peer?.value ?? 1)) < 0.01);
  t.match(hsm, { id: 'keys.hsm', unit: 'signatures/s', value: Number });
});

t.test('a key type that the runtime lacks has no figure', async (t) => {
  const { figures } = await benchKeys({ seconds: 0.01, runs: 1, keyTypes: ['ml-dsa-65'] });
  const hasMlDsa = Number.parseFloat(process.versions.openssl) >= 3.5;
  t.equal(figures.length, hasMlDsa ? 1 : 0);
});

t.test('reads the machine-readable result of each kind of key', async (t) => {
  t.equal(
    signRateOf('+DTP:2048:private:rsa:1\n+R1:2978:2048:1.00\n+F2:2:2048:2978.000000:47348.000000\n'),
    2978,
  );
  t.equal(signRateOf('+F4:3:256:41449.494949:16282.000000\n'), 41449.494949);
  t.equal(signRateOf('+F6:0:253:Ed25519:25160.000000:9451.515152\n'), 25160);
  t.equal(signRateOf('speed: Unknown algorithm ML-DSA-65\n'), undefined);
});
