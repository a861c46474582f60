import t from 'tap';

import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import { crlNumberExtension, parseCrlNumber } from '../../pki/extensions/crl-number.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import {
  expiredCertsOnCrlExtension,
  parseExpiredCertsOnCrl,
} from '../../pki/extensions/expired-certs-on-crl.ts';
import { invalidityDateExtension, parseInvalidityDate } from '../../pki/extensions/invalidity-date.ts';
import {
  issuingDistributionPointExtension,
  parseIssuingDistributionPoint,
} from '../../pki/extensions/issuing-distribution-point.ts';
import { parseReasonCode, reasonCodeExtension } from '../../pki/extensions/reason-code.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';

const URI = 'http://pki.example/crl/bronze/3.crl';

t.test('CRLNumber is a non-critical INTEGER of up to 20 octets', (t) => {
  const largest = 2n ** 159n - 1n;
  for (const number of [0, 1, 127, 128, 2 ** 40, largest]) {
    const extension = crlNumberExtension(number);
    t.equal(extension.critical, false);
    t.equal(parseCrlNumber(extension.value), BigInt(number));
  }
  t.throws(() => parseCrlNumber(crlNumberExtension(2n ** 159n).value), { code: 'crl-malformed' });
  t.throws(() => parseCrlNumber(crlNumberExtension(-1).value), { code: 'crl-malformed' });
  t.end();
});

t.test('the delta CRL indicator is critical and names the base', (t) => {
  const extension = deltaCrlIndicatorExtension(77);
  t.equal(extension.critical, true);
  t.equal(parseCrlNumber(extension.value), 77n);
  t.end();
});

t.test('reasonCode is ENUMERATED and refuses the codes that do not exist', (t) => {
  t.equal(reasonCodeExtension('removeFromCRL').value.toString('hex'), '0a0108');
  t.equal(parseReasonCode(Buffer.from('0a0101', 'hex')), 'keyCompromise');
  for (const code of ['0a0107', '0a010b', '0a01ff']) {
    t.throws(() => parseReasonCode(Buffer.from(code, 'hex')), { code: 'crl-malformed' });
  }
  t.throws(() => parseReasonCode(Buffer.from('020101', 'hex')), { code: 'der-malformed' });
  t.end();
});

t.test('dates of entries and of expired certificates are GeneralizedTime', (t) => {
  const instant = new Date('2026-06-15T12:34:56Z');
  t.equal(invalidityDateExtension(instant).value.toString('latin1', 2), '20260615123456Z');
  t.strictSame(parseInvalidityDate(invalidityDateExtension(instant).value), instant);
  t.strictSame(parseExpiredCertsOnCrl(expiredCertsOnCrlExtension(instant).value), instant);
  t.end();
});

t.test('the issuing distribution point is critical and carries exactly the name of the CDP', (t) => {
  const extension = issuingDistributionPointExtension([URI]);
  const point = parseIssuingDistributionPoint(extension.value);
  const [cdp] = parseCrlDistributionPoints(crlDistributionPointsExtension([URI]).value);
  t.equal(extension.critical, true);
  t.strictSame(point.fullName, cdp.fullName);
  t.strictSame(
    [
      point.onlyContainsUserCerts,
      point.onlyContainsCACerts,
      point.onlyContainsAttributeCerts,
      point.indirectCRL,
    ],
    [false, false, false, false],
  );
  t.throws(() => issuingDistributionPointExtension([]), RangeError);
  t.end();
});

t.test('an issuing distribution point with flags is read', (t) => {
  const point = parseIssuingDistributionPoint(Buffer.from('300a8101ff830206c08401ff', 'hex'));
  t.match(point, { onlyContainsUserCerts: true, indirectCRL: true, fullName: [] });
  t.equal(point.onlySomeReasons?.toString('hex'), 'c0');
  t.throws(() => parseIssuingDistributionPoint(Buffer.from('30068101ff8201ff', 'hex')), {
    code: 'crl-malformed',
  });
  t.end();
});
