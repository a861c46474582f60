import type { HolderClaim, IssuanceIntent } from '../ca/issue/certificate-store.ts';
import type { ReplacedCertificate } from '../ca/issue/renewal-window.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusEvent } from '../pki/certificate-status.ts';
import { byteaArray, textArray } from './binary-array.ts';
import { pg } from './pg-transaction.ts';

/** SQL of what a claim asks: the holder's slot, the moment, and the certificate that may stand beside the new one. */
interface ClaimSql {
  slot: string;
  at: string;
  replacesAuthority: string;
  replacesSerial: string;
}

/**
 * Null when no other certificate of the slot is active or being issued. A scalar query, and so one probe of the index for each
 * row: as `exists` the planner may turn it into a join over the whole table, while that is small, and keep the plan.
 */
export function activeInSlot({ slot, at, replacesAuthority, replacesSerial }: ClaimSql): string {
  return `(select 1 from issuance_intent h
      left join certificate c on c.authority_id = h.authority_id and c.serial_number = h.serial_number
    where h.holder_slot = ${slot}
      and (h.authority_id is distinct from ${replacesAuthority} or h.serial_number is distinct from ${replacesSerial})
      and case when c.serial_number is null
        then not exists (select from intent_refusal r
          where r.authority_id = h.authority_id and r.serial_number = h.serial_number)
        else c.not_after > ${at} and not exists (select from status_change s
          where s.authority_id = h.authority_id and s.serial_number = h.serial_number and s.event = 'revoked') end
    limit 1)`;
}

/** The turn after the last one of a slot; null where there is none. Two who take the same one at once meet in its unique index. */
export function nextTurn(slot: string): string {
  return `case when ${slot} is not null then
    (select coalesce(max(t.holder_turn), 0) + 1 from issuance_intent t where t.holder_slot = ${slot}) end`;
}

/** Column values of a claim; null for what is no holder's signing certificate. */
export function claimColumns(holder: HolderClaim | undefined) {
  return {
    slot: holder?.slot ?? null,
    replacesAuthority: holder?.replaces?.authorityId ?? null,
    replacesSerial: holder?.replaces?.serialNumber ?? null,
  };
}

/** The same as arrays for a batch. */
export function claimArrays(claims: readonly (HolderClaim | undefined)[]): Buffer[] {
  const columns = claims.map(claimColumns);
  return [
    textArray(columns.map(({ slot }) => slot)),
    textArray(columns.map(({ replacesAuthority }) => replacesAuthority)),
    byteaArray(columns.map(({ replacesSerial }) => replacesSerial)),
  ];
}

/** Of each claim: whether another certificate of its slot is active at the moment, or is being issued. */
export async function servedHolders(
  tx: Transaction,
  claims: readonly HolderClaim[],
  at: Date,
): Promise<boolean[]> {
  if (claims.length === 0) return [];
  const active = activeInSlot({
    slot: 'i.slot',
    at: '$4::timestamptz',
    replacesAuthority: 'i.replaces_authority_id',
    replacesSerial: 'i.replaces_serial_number',
  });
  const rows = await pg(tx).query<{ served: boolean }>({
    name: 'holders-served',
    text: `select ${active} is not null as served
      from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality
        as i (slot, replaces_authority_id, replaces_serial_number, n)
      order by i.n`,
    values: [...claimArrays(claims), at],
  });
  return rows.map(({ served }) => served);
}

/** The certificate that a claim replaces, if it is one of the claim's slot. */
export async function findReplaced(
  tx: Transaction,
  claim: HolderClaim,
): Promise<ReplacedCertificate | undefined> {
  const { slot, replacesAuthority, replacesSerial } = claimColumns(claim);
  const [row] = await pg(tx).query<{ der: Buffer; not_after: Date; last_event: StatusEvent }>({
    name: 'holder-replaced',
    text: `select c.der, c.not_after, s.event as last_event
      from issuance_intent h
      join certificate c on c.authority_id = h.authority_id and c.serial_number = h.serial_number
      cross join lateral (select event from status_change
        where authority_id = h.authority_id and serial_number = h.serial_number
        order by change_number desc limit 1) s
      where h.authority_id = $1 and h.serial_number = $2 and h.holder_slot = $3`,
    values: [replacesAuthority, replacesSerial, slot],
  });
  return row && { bytes: row.der, notAfter: row.not_after, lastEvent: row.last_event };
}

/** Those of the intents whose serial number an intent of the same authority has; as `authority/hex`. */
export async function takenSerials(
  tx: Transaction,
  intents: readonly IssuanceIntent[],
): Promise<Set<string>> {
  const rows = await pg(tx).query<{ name: string }>({
    name: 'intents-by-serial',
    text: `select authority_id || '/' || encode(serial_number, 'hex') as name from issuance_intent
      where (authority_id, serial_number) in (select * from unnest($1::text[], $2::bytea[]))`,
    values: [
      textArray(intents.map(({ authorityId }) => authorityId)),
      byteaArray(intents.map(({ serialNumber }) => serialNumber)),
    ],
  });
  return new Set(rows.map(({ name }) => name));
}
