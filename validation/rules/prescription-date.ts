import { tehranCivilDate } from '../../core/jalali.ts';
import type { CivilDate } from '../../core/jalali.ts';
import type { PrescriptionDate } from '../../prescriptions/prescription.ts';
import { NO_PRESCRIPTION, prescriptionsOf } from './prescriptions-of.ts';
import type { HealthRule } from './rule.ts';

/**
 * A prescription is of the day on which it is signed, as calendars in Tehran count days; and of no day after the one on which
 * the signature is proven to exist. Without a signing-time that day stands for it.
 */
export const prescriptionDate: HealthRule = {
  id: 'prescription-date',
  failure: 'prescription-date-differs',
  judge(facts) {
    const prescriptions = prescriptionsOf(facts);
    if (prescriptions.length === 0) return NO_PRESCRIPTION;
    if (prescriptions.some(({ dates }) => dates.length === 0))
      return { outcome: 'failed', detail: 'the prescription has no date' };
    const signed = textOf(tehranCivilDate(facts.claimedSigningTime ?? facts.provenAt));
    const proven = textOf(tehranCivilDate(facts.provenAt));
    const days = prescriptions.flatMap(({ dates }) => dates).map((date) => textOf(dayOf(date)));
    const wrong = days.find((day) => day !== signed || day > proven);
    const detail = `of ${wrong ?? signed}, signed on ${signed}, proven to exist on ${proven}`;
    return { outcome: wrong === undefined ? 'passed' : 'failed', detail };
  },
};

function dayOf(date: PrescriptionDate): CivilDate {
  return date.kind === 'day' ? date.day : tehranCivilDate(date.at);
}

/** In the Gregorian calendar; texts of such days sort as the days do. */
function textOf({ year, month, day }: CivilDate): string {
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join(
    '-',
  );
}
