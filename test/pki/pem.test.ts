import t from 'tap';

import { decodePem, encodePem } from '../../pki/pem.ts';

const ours = Buffer.from('a mark that fills more than one line of sixty-four characters');
const block = encodePem('CERTIFICATE', ours);

t.test('writes lines of 64 characters between its labels', async (t) => {
  const lines = encodePem('X509 CRL', Buffer.alloc(49, 1)).split('\n');
  t.equal(lines[0], '-----BEGIN X509 CRL-----');
  t.equal(lines[1].length, 64);
  t.equal(lines[2], 'AQ==');
  t.equal(lines[3], '-----END X509 CRL-----');
  t.equal(lines[4], '');
  t.equal(encodePem('A', Buffer.alloc(48)).split('\n').length, 4, 'no empty line after a full one');
  t.equal(encodePem('A', Buffer.alloc(0)), '-----BEGIN A-----\n\n-----END A-----\n');
});

t.test('reads what it writes, at every length around a line', async (t) => {
  for (const length of [0, 1, 2, 3, 47, 48, 49, 96, 97, 5000]) {
    const bytes = Buffer.alloc(length, 0xa5);
    t.same(decodePem(encodePem('A B', bytes), ['A B']), [{ label: 'A B', bytes }], `${length} octets`);
  }
});

t.test('passes over text around, between and after blocks, and other labels', async (t) => {
  const other = encodePem('CERTIFICATE', Buffer.from('another'));
  const text = `Bag Attributes: ۱۲\n${block}subject=CN-----\n${encodePem('PRIVATE KEY', ours)}${other}trailer`;
  t.same(
    decodePem(text, ['CERTIFICATE']).map(({ bytes }) => bytes.toString()),
    [ours.toString(), 'another'],
  );
  t.same(
    decodePem(text, ['PRIVATE KEY', 'CERTIFICATE']).map(({ label }) => label),
    ['CERTIFICATE', 'PRIVATE KEY', 'CERTIFICATE'],
  );
  t.same(decodePem(text, ['X509 CRL']), []);
  t.same(decodePem('', ['CERTIFICATE']), []);
});

t.test('reads Windows line ends, indentation and one long line', async (t) => {
  const oneLine = `-----BEGIN CERTIFICATE-----${ours.toString('base64')}-----END CERTIFICATE-----`;
  for (const text of [block.replaceAll('\n', '\r\n'), block.replaceAll('\n', '\n\t  '), oneLine]) {
    t.same(decodePem(text, ['CERTIFICATE']), [{ label: 'CERTIFICATE', bytes: ours }]);
  }
});

t.test('passes over blocks that are not base64 or have headers', async (t) => {
  const bodies = ['Proc-Type: 4,ENCRYPTED\n\nYWJj', 'YW=Jj', 'YWJj===', 'YWJj!', 'YW-Jj', 'YWJjé'];
  for (const body of bodies) {
    const text = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    t.same(decodePem(text, ['CERTIFICATE']), [], body);
    t.equal(decodePem(text + block, ['CERTIFICATE']).length, 1, `${body} does not hide the next`);
  }
});

t.test('a block without its end hides none that follows', async (t) => {
  for (const start of [
    '-----BEGIN CERTIFICATE-----\nYWJj\n',
    '-----BEGIN NOTE-----\n',
    '-----BEGIN NOTE-----\nYWJj\n',
  ]) {
    t.same(decodePem(start, ['CERTIFICATE', 'NOTE']), []);
    t.same(decodePem(start + block, ['CERTIFICATE']), [{ label: 'CERTIFICATE', bytes: ours }]);
  }
  const crossed = '-----BEGIN CERTIFICATE-----\nYWJj\n-----END X509 CRL-----\n';
  t.same(decodePem(crossed + block, ['CERTIFICATE', 'X509 CRL']).length, 1);
});

t.test('ten thousand beginnings take no longer than their text', async (t) => {
  const hostile = '-----BEGIN CERTIFICATE-----\n'.repeat(10_000) + 'A'.repeat(300_000);
  t.same(decodePem(hostile, ['CERTIFICATE']), []);
});
