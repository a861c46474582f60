import t from 'tap';

import { certificateLints } from '../../../ca/lint/certificate-lints.ts';
import { CertificateSeries } from '../../../ca/lint/certificate-series.ts';
import { runLints } from '../../../ca/lint/lint.ts';
import type { LintedCertificate } from '../../../ca/lint/lint.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import { LINT_NOW, lintCertificate } from '../../support/lint-certificate.ts';
import { loadLintCases } from '../../support/lint-cases.ts';

t.test('says of each case of each rule, one after the other, what the rules say of it alone', async (t) => {
  const bySeries = new Map<Certificate | undefined, LintedCertificate[]>();
  for (const subject of await allCases()) {
    const { issuer } = subject;
    bySeries.set(issuer, [...(bySeries.get(issuer) ?? []), subject]);
  }
  for (const [issuer, subjects] of bySeries) {
    const series = new CertificateSeries(issuer);
    // Twice each, so that there is a certificate after which nothing but the present has changed.
    for (const { certificate, now } of subjects.flatMap((subject) => [subject, subject])) {
      const alone = runLints(certificateLints, { certificate, issuer, now });
      t.strictSame(series.lint(certificate, now), alone);
    }
  }
});

t.test('lints what differs, and the same certificate at another time', async (t) => {
  const series = new CertificateSeries(undefined);
  const good = lintCertificate('signing');
  const first = series.lint(good, LINT_NOW);
  t.equal(series.lint(good, LINT_NOW), first, 'the same list where everything is the same');
  const late = new Date(LINT_NOW.getTime() + 30 * 86_400_000);
  const findings = series.lint(good, late).filter(({ result }) => typeof result === 'object');
  t.ok(findings.some(({ id }) => id === 'not-before-recent'));
});

/** Cases that differ in one part follow each other: those of one rule, and the good and bad ones of all. */
async function allCases(): Promise<LintedCertificate[]> {
  const folder = new URL('./rules/', import.meta.url);
  const cases: LintedCertificate[] = [];
  for (const lint of certificateLints) {
    const ofRule = await loadLintCases(folder, lint);
    for (const verdict of ['pass', 'error', 'warning', 'notice', 'not-applicable'] as const) {
      cases.push(
        ...Object.values(ofRule[verdict] ?? {}).filter(({ certificate }) => 'extensions' in certificate),
      );
    }
  }
  return cases;
}
