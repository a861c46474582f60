import type { MembershipGroup } from '../../core/council-number.ts';
import type { ReasonCode } from '../reason.ts';
import type { Indication } from '../verdict.ts';
import type { FactName } from './summary.ts';

/** What a summary is made of; a language that lacks a reason's sentence does not compile. */
export interface SummaryTexts {
  document: Record<Indication, string>;
  signature: Record<Indication, string>;
  noSignature: string;
  labels: Record<FactName, string>;
  proof: Record<'receipt-time' | 'validation-time' | 'time-stamp', (time: string) => string>;
  status: Record<'good' | 'on-hold' | 'revoked', string>;
  since: (status: string, time: string) => string;
  professions: Record<MembershipGroup, string>;
  reasons: Record<ReasonCode, string>;
}
