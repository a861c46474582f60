import { nameText } from '../../pki/name.ts';
import { certificateSummary } from '../certificate-summary.ts';
import type { TimeStampReport } from '../report.ts';
import type { JudgedTimeStamp } from './validate-time-stamps.ts';

/** A time stamp and its verdict for a report. */
export function timeStampReport({ stamp, read, judgement }: JudgedTimeStamp): TimeStampReport {
  const { verdict, reasons, provenAt, certificate, path } = judgement;
  return {
    kind: stamp.kind,
    ...verdict,
    reasons,
    provenAt: provenAt.toISOString(),
    ...(read && saidBy(read)),
    ...(certificate && {
      authority: { subject: nameText(certificate.subject), certificate: certificateSummary(certificate) },
    }),
    ...(path && { issuers: path.slice(1).map(({ subject }) => nameText(subject)) }),
  };
}

function saidBy({ token: { info } }: NonNullable<JudgedTimeStamp['read']>) {
  const { genTime, accuracyMilliseconds, serialNumber, policy, digestOid } = info;
  return {
    genTime: genTime.toISOString(),
    ...(accuracyMilliseconds !== undefined && { accuracyMilliseconds }),
    serialNumber: serialNumber.toString('hex'),
    policy,
    digestOid,
  };
}
