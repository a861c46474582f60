/** Who acted: an officer of an office, a component of the service, or nobody that we know. */
export interface AuditActor {
  kind: 'officer' | 'service' | 'anonymous' | 'operator';
  id: string;
  officeId?: string;
}

/** One accepted or refused action, without personal data: subjects are named by our ids. */
export interface AuditEvent {
  at: Date;
  actor: AuditActor;
  /** Verb and noun, e.g. `approve-application`. */
  action: string;
  outcome: 'accepted' | 'refused';
  /** What it was done to, e.g. `application:0190…`. */
  subject: string;
  /** Code of the refusal. */
  refusalCode?: string;
  /** Further facts: hashes, numbers, reasons. */
  details: Record<string, string | number | boolean | null>;
}
