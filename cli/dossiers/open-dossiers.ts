import type { ValidationReports } from '../../api/validation-reports/validation-reports.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { printReport } from '../../print/print-report.ts';
import { makeDossier } from '../../validation/dossier/make-dossier.ts';
import type { DossierHouse } from '../../validation/dossier/make-dossier.ts';
import { packFiles } from '../../validation/dossier/pack-files.ts';

export interface DossierOptions extends DossierHouse {
  /** Where a browser checks documents again. */
  consoleUrl: string;
}

/** Wires sealed verdicts with the forms in which they are handed out. */
export function openDossiers({ consoleUrl, ...house }: DossierOptions): ValidationReports {
  return {
    make: (request) => makeDossier(request, house),
    pack: (dossier) => writeZip(packFiles(dossier), new Date(dossier.report.validatedAt)),
    print: ({ request, report, summaries }, language) => {
      const documentSha256 = digest('sha256', request.signature).toString('hex');
      return printReport({
        summary: summaries[language],
        indication: report.indication,
        ...(report.subIndication !== undefined && { subIndication: report.subIndication }),
        documentSha256,
        validatedAt: report.validatedAt,
        policy: report.policy,
        // Who scans it is asked for the file, and told whether it is this one.
        link: `${consoleUrl}/verify#sha256=${documentSha256}`,
      });
    },
  };
}
