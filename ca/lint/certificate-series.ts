import type { Certificate } from '../../pki/certificate.ts';
import { certificateLints } from './certificate-lints.ts';
import { guarded } from './lint.ts';
import type { LintReport } from './lint.ts';
import { FACTS, factsWithout } from './once-per.ts';
import { beginReads, endReads } from './reads.ts';
import { WatchedCertificate, WatchedSubject } from './watched-certificate.ts';

interface Linted {
  subject: WatchedSubject;
  reports: readonly LintReport[];
}

/**
 * Lints certificates that one issuer makes after one profile. A rule's result follows from what the rule reads; where all of that
 * stands in the next certificate octet for octet, so does the result, and the rule is not run again. Everything that differs,
 * which is whatever belongs to the holder, meets every rule that looks at it.
 */
export class CertificateSeries {
  readonly #issuer: Certificate | undefined;
  /** By rule: the parts of which its report follows. */
  readonly #reads = new Int32Array(certificateLints.length);
  #last: Linted | undefined;

  constructor(issuer: Certificate | undefined) {
    this.#issuer = issuer;
  }

  /** The same as `runLints(certificateLints, ...)`. */
  lint(certificate: Certificate, now: Date | undefined): readonly LintReport[] {
    const subject = new WatchedSubject(new WatchedCertificate(certificate), this.#issuer, now);
    const changed = this.#last && subject.changesSince(this.#last.subject);
    const reports = changed === undefined ? this.#lintAll(subject) : this.#lintChanged(subject, changed);
    this.#last = { subject, reports };
    return reports;
  }

  #lintAll(subject: WatchedSubject): readonly LintReport[] {
    return certificateLints.map((_, index) => this.#run(index, subject));
  }

  #lintChanged(subject: WatchedSubject, changed: number): readonly LintReport[] {
    const { subject: before, reports } = this.#last!;
    subject.certificate[FACTS] = factsWithout(before.certificate[FACTS], changed);
    let result = reports;
    for (let index = 0; index < reports.length; index += 1) {
      if ((this.#reads[index] & changed) === 0) continue;
      const report = this.#run(index, subject);
      // Reports are alike most of the time: the same list then, instead of a hundred objects for each certificate.
      if (report.result === reports[index].result) continue;
      if (result === reports) result = [...reports];
      (result as LintReport[])[index] = report;
    }
    return result;
  }

  #run(index: number, subject: WatchedSubject): LintReport {
    const { id, source, check } = certificateLints[index];
    const outer = beginReads();
    const result = guarded(check, subject);
    this.#reads[index] = endReads(outer);
    return { id, source, result };
  }
}
