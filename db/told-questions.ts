import { LOST_ACTOR } from './lost-actor.ts';

// What rows say against what the events of the same transaction tell: the log, which whoever owns the database cannot sign, is believed.

/** Both are of one transaction, each by a look at the clock. */
const APART = "interval '60 seconds'";

/**
 * Whether a row says another time than its event `e`. What may be no earlier than what it rests on says the later time after a clock was
 * set back, and so does an event before it.
 */
const isNotAtItsTime = (time: string) =>
  `(${time} < e.at - ${APART} or (${time} > e.at + ${APART}
    and not exists (select from audit_event b where b.id < e.id and b.at >= ${time} - ${APART})))`;

/** Whether `e` is the accepted event of an action about a subject. */
const tells = (action: string, subject: string) =>
  `e.subject = ${subject} and e.action = '${action}' and e.outcome = 'accepted'`;

/** Whether `e` is an accepted event whose row is here: what was lost in a restore is told by events that a replay gave back. */
const kept = (action: string) =>
  `e.action = '${action}' and e.outcome = 'accepted' and e.actor_id <> '${LOST_ACTOR.id}'`;

const CRL_OF_EVENT = `c.authority_id = split_part(substr(e.subject, 5), '/', 1) and c.scope = split_part(substr(e.subject, 5), '/', 2)
      and c.crl_number = (e.details->>'crlNumber')::bigint`;

/** Rows that say otherwise than their event. */
export const TOLD_QUESTIONS = {
  filingsNotAsTold: `select 'application:' || x.id as subject from application x
    where exists (select from audit_event e where ${tells('file-application', `'application:' || x.id`)})
      and not exists (select from audit_event e where ${tells('file-application', `'application:' || x.id`)}
        and e.actor_id = x.filed_by::text and not ${isNotAtItsTime('x.filed_at')})`,
  approvalsNotAsTold: `select 'application:' || x.application_id as subject from application_approval x
    join audit_event e on ${tells('approve-application', `'application:' || x.application_id`)}
      and e.details->>'approvalSha256' = encode(x.document_sha256, 'hex')
    where e.actor_id <> x.approved_by::text or ${isNotAtItsTime('x.approved_at')}`,
  decisionsNotAsApproved: `select 'application:' || x.id as subject from application x
    join application_approval p on p.application_id = x.id
    where x.state = 'issued' and x.delivery = 'request'
      and (x.version <= p.application_version or x.decided_by is distinct from p.approved_by
        or x.decided_at is null or exists (select from audit_event e where ${tells('approve-application', `'application:' || x.id`)}
          and e.details->>'approvalSha256' = encode(p.document_sha256, 'hex') and ${isNotAtItsTime('x.decided_at')}))`,
  keysNotOfTheirHash: `select 'application:' || x.id as subject from application x
      where x.spki_sha256 is not null and (x.spki is null or sha256(x.spki) <> x.spki_sha256)
    union all select 'renewal:' || x.id from renewal x where sha256(x.spki) <> x.spki_sha256`,
  activationsNotAsTold: `select 'application:' || x.application_id as subject from activation x
    join audit_event e on ${tells('start-activation', `'application:' || x.application_id`)} and e.details->>'activation' = x.id::text
    where e.actor_id <> x.made_by::text or ${isNotAtItsTime('x.made_at')}
    -- After a crash the same activation is used again, with an event of its own.
    union select 'application:' || x.application_id from activation x
    where exists (select from audit_event e where ${tells('use-activation', `'application:' || x.application_id`)}
        and e.details->>'activation' = x.id::text)
      and (x.used_at is null or x.voided_at is not null
        or not exists (select from audit_event e where ${tells('use-activation', `'application:' || x.application_id`)}
          and e.details->>'activation' = x.id::text and not ${isNotAtItsTime('x.used_at')}))`,
  certifiedThoughUndecided: `select 'application:' || x.id as subject from application x
    where x.state not in ('approved', 'activation', 'issued', 'accepted', 'expired')
      and exists (select from certificate c where c.origin = 'application:' || x.id)`,
  slotsNotOfTheirHolder: `select 'certificate:' || i.authority_id || '/' || encode(i.serial_number, 'hex') as subject
    from application x join certificate c on c.origin = 'application:' || x.id
    join issuance_intent i on i.authority_id = c.authority_id and i.serial_number = c.serial_number
    where i.holder_slot not like '% ' || x.national_id`,
  intentsOfNoSuchRenewal: `select 'certificate:' || i.authority_id || '/' || encode(i.serial_number, 'hex') as subject
    from renewal x join issuance_intent i on i.origin = 'renewal:' || x.id
    where i.replaces_authority_id is distinct from x.replaces_authority_id
      or i.replaces_serial_number is distinct from x.replaces_serial_number`,
  renewalsNotAsTold: `select 'renewal:' || x.id as subject from renewal x
    join audit_event e on ${tells('request-renewal', `'renewal:' || x.id`)}
    where e.details->>'application' <> x.application_id::text or ${isNotAtItsTime('x.requested_at')}
      or e.details->>'replaces' <> x.replaces_authority_id || '/' || encode(x.replaces_serial_number, 'hex')
      or (e.details ? 'signatureSha256' and (x.signature is null or encode(sha256(x.signature), 'hex') <> e.details->>'signatureSha256'))
    union select 'renewal:' || x.id from renewal x join certificate c on c.origin = 'renewal:' || x.id
    where c.profile_id <> x.profile_id or c.authority_id <> x.authority_id`,
  renewalsOfNoCertificate: `select 'renewal:' || x.id as subject from renewal x
    where not exists (select from certificate c
      where c.authority_id = x.replaces_authority_id and c.serial_number = x.replaces_serial_number)`,
  acceptancesNotAsTold: `select 'renewal:' || x.renewal_id as subject from renewal_acceptance x
    left join audit_event e on ${tells('accept-renewal', `'renewal:' || x.renewal_id`)}
    where e.id is null or ${isNotAtItsTime('x.accepted_at')}
      or encode(sha256(x.signature), 'hex') <> e.details->>'signatureSha256'`,
  papersNotAsTold: `select 'evidence:' || x.id as subject from evidence x
    join audit_event e on ${tells('add-evidence', `'application:' || x.application_id`)} and e.details->>'evidence' = x.id::text
    where e.details->>'kind' <> x.kind or e.details->>'sha256' <> encode(x.sha256, 'hex')
      or e.actor_id <> x.added_by::text or ${isNotAtItsTime('x.added_at')}`,
  passkeysNotAsTold: `select 'passkey:' || x.id as subject from passkey x
    join audit_event e on ${tells('register-passkey', `'officer:' || x.officer_id`)} and e.details->>'passkey' = x.id::text
    where ${isNotAtItsTime('x.created_at')}
    union select 'passkey:' || x.id from passkey x
    join audit_event e on ${tells('remove-passkey', `'officer:' || x.officer_id`)} and e.details->>'passkey' = x.id::text
    where x.removed_at is null or ${isNotAtItsTime('x.removed_at')}`,
  causesOfNoHold: `select 'certificate:' || x.authority_id || '/' || encode(x.serial_number, 'hex') as subject from hold_cause x
    where not exists (select from status_change s where s.change_number = x.hold_change_number and s.event = 'held'
      and s.authority_id = x.authority_id and s.serial_number = x.serial_number)`,
  crlsNotAsTold: `select 'crl:' || x.authority_id || '/' || x.scope || '/' || x.crl_number as subject from crl x
    join audit_event e on ${tells('issue-crl', `'crl:' || x.authority_id || '/' || x.scope`)}
      and (e.details->>'crlNumber')::bigint = x.crl_number
    where (e.details->>'lastChangeNumber')::bigint <> x.last_change_number`,
  crlsWithBases: `select 'crl:' || x.authority_id || '/' || x.scope || '/' || x.crl_number as subject from crl x
    where (x.scope <> 'delta') <> (x.bases is null)`,
} as const;

/** Rows that an event tells of and that are not there, by what the event says of them. */
export const GONE_QUESTIONS = {
  crlsThatAreGone: `select 'crl:' || substr(e.subject, 5) || '/' || (e.details->>'crlNumber') as subject from audit_event e
    where ${kept('issue-crl')} and not exists (select from crl c where ${CRL_OF_EVENT})`,
  papersThatAreGone: `select 'evidence:' || (e.details->>'evidence') as subject from audit_event e
    where ${kept('add-evidence')} and not exists (select from evidence x
      where x.id::text = e.details->>'evidence' and e.subject = 'application:' || x.application_id)`,
  acceptancesThatAreGone: `select e.subject from audit_event e
    where ${kept('accept-renewal')} and not exists (select from renewal_acceptance x
      where 'renewal:' || x.renewal_id = e.subject)`,
  renewalsThatAreGone: `select e.subject from audit_event e
    where ${kept('request-renewal')} and not exists (select from renewal x
      where 'renewal:' || x.id = e.subject)`,
  applicationsThatAreGone: `select e.subject from audit_event e
    where ${kept('file-application')} and not exists (select from application x
      where 'application:' || x.id = e.subject)`,
  passkeysThatAreGone: `select 'passkey:' || (e.details->>'passkey') as subject from audit_event e
    where ${kept('register-passkey')} and e.details ? 'passkey'
      and not exists (select from passkey x where x.id::text = e.details->>'passkey')`,
} as const;

export type ToldQuestion = keyof typeof TOLD_QUESTIONS;
export type GoneQuestion = keyof typeof GONE_QUESTIONS;
