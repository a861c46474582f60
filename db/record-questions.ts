const CERTIFICATE = `'certificate:' || x.authority_id || '/' || encode(x.serial_number, 'hex')`;

/** What waits to be completed, and since when. */
export const OPEN_QUESTIONS = {
  openIntents: `select ${CERTIFICATE} as subject, x.intended_at as since from issuance_intent x
    where not exists (select from certificate c
        where c.authority_id = x.authority_id and c.serial_number = x.serial_number)
      and not exists (select from intent_refusal r
        where r.authority_id = x.authority_id and r.serial_number = x.serial_number) order by x.intended_at`,
  approvedApplications: `select 'application:' || x.id as subject, greatest(x.decided_at, v.used_at) as since from application x
    left join activation v on v.application_id = x.id and v.used_at is not null
    where x.state = 'approved' or (x.state = 'activation' and v.used_at is not null) order by x.id`,
} as const;

/** What no row of a right record answers to; each question is a check of its own. */
export const QUESTIONS = {
  changesOfNoCertificate: `select 'change:' || x.change_number as subject from status_change x
    where not exists (select from certificate c
      where c.authority_id = x.authority_id and c.serial_number = x.serial_number) order by x.change_number`,
  missingChanges: `select 'change:' || n as subject from (
      select generate_series(p.previous + 1, least(p.change_number - 1, p.previous + 100)) as n from (
        select change_number, lag(change_number, 1, 0::bigint) over (order by change_number) as previous
        from status_change) p
      where p.change_number > p.previous + 1) gaps`,
  wrongCounter: `select 'change-counter:' || last_change_number as subject from status_counter
    where last_change_number <> (select coalesce(max(change_number), 0) from status_change)`,
  missingCounter: `select 'change-counter:' as subject where (select count(*) from status_counter) <> 1`,
  // An offline CA counts its CRLs itself.
  crlSeriesBehind: `select 'crl:' || x.authority_id || '/' || x.scope || '/' || x.crl_number as subject from crl x
    join authority a on a.id = x.authority_id and a.key_reference is not null
    where x.scope <> 'delta' and x.crl_number > coalesce((select s.last_number from crl_number_series s
      where s.authority_id = x.authority_id and s.series = x.scope), 0)`,
  activationsWithoutEvent: `select 'application:' || x.application_id as subject from activation x
    where x.used_at is not null and not exists (select from audit_event e
      where e.subject = 'application:' || x.application_id and e.action = 'use-activation' and e.outcome = 'accepted'
        and e.details->>'activation' = x.id::text) order by x.application_id`,
  issuedWithoutActivation: `select 'application:' || x.id as subject from application x
    where x.delivery <> 'request' and exists (select from issuance_intent i where i.origin = 'application:' || x.id)
      and not exists (select from activation v where v.application_id = x.id and v.used_at is not null) order by x.id`,
  issuedApplicationsWithoutCertificate: `select 'application:' || x.id as subject from application x
    where (x.state in ('issued', 'accepted') or (x.state = 'expired' and (x.delivery = 'request'
      or exists (select from activation v where v.application_id = x.id and v.used_at is not null)))) and not exists (select from certificate c where c.origin = 'application:' || x.id)`,
  approvedWithoutApproval: `select 'application:' || x.id as subject from application x
    where (x.state in ('approved', 'activation', 'issued', 'accepted', 'expired') or exists (select from issuance_intent i where i.origin = 'application:' || x.id))
      and not exists (select from application_approval p where p.application_id = x.id)
      and not exists (select from approval_exemption e where e.application_id = x.id) order by x.id`,
  // A holder's certificate comes of an application or of a renewal, an officer's of a change that was confirmed, and nothing else of neither.
  certificatesWithoutCase: `select ${CERTIFICATE} as subject from certificate x
    join issuance_intent i on i.authority_id = x.authority_id and i.serial_number = x.serial_number
    where (i.holder_slot is not null and x.origin not like 'application:%' and x.origin not like 'renewal:%')
      or (x.origin like 'officer-change:%' and not exists (select from officer_change c
        where 'officer-change:' || c.id = x.origin and c.kind = 'certify' and c.state = 'confirmed'))
      or (x.profile_id = 'officer' and x.origin not like 'officer-change:%')`,
  exemptedWithoutCampaign: `select 'application:' || x.application_id as subject from approval_exemption x
    where x.kind = 'campaign' and not exists (select from audit_event e where e.subject = 'application:' || x.application_id
      and e.action = 'approve-by-campaign' and e.details->>'campaign' = x.campaign
      and e.details->>'approvedBy' = x.approved_by::text and e.details->>'filedBy' = x.filed_by::text)
    order by x.application_id`,
  certificatesWithoutRenewal: `select ${CERTIFICATE} as subject from certificate x
    where x.origin like 'renewal:%' and not exists (select from renewal r where 'renewal:' || r.id = x.origin)`,
  holdsWithoutCause: `select ${CERTIFICATE} as subject from status_change x
    where x.event = 'held'
      and not exists (select from status_change later where later.authority_id = x.authority_id
        and later.serial_number = x.serial_number and later.change_number > x.change_number)
      and not exists (select from hold_cause h where h.authority_id = x.authority_id
        and h.serial_number = x.serial_number
        and not exists (select from hold_cause_lift l where l.cause_id = h.id))
    order by x.change_number`,
  causesWithoutHold: `select ${CERTIFICATE} as subject from hold_cause x
    where not exists (select from hold_cause_lift l where l.cause_id = x.id)
      and (select event from status_change s where s.authority_id = x.authority_id
        and s.serial_number = x.serial_number order by s.change_number desc limit 1) in ('issued', 'released')
    order by x.id`,
  certificatesWithoutApplication: `select ${CERTIFICATE} as subject from certificate x
    where x.origin like 'application:%'
      and not exists (select from application a where 'application:' || a.id = x.origin)`,
} as const;

export type OpenQuestion = keyof typeof OPEN_QUESTIONS;
export type RecordQuestion = keyof typeof QUESTIONS;
