import type { AuthorityRecord, AuthorityStore, ResponderRecord } from '../ca/authority/authority-store.ts';
import type { AuthorityNames } from '../ca/authority/authority.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

interface AuthorityRow {
  id: string;
  issuer_id: string | null;
  assurance_level: number;
  certificate: Buffer;
  key_reference: string | null;
  crl_shards: number;
  created_at: Date;
  successor_of: string | null;
  profiles: string[] | null;
  names: AuthorityNames | null;
}

interface ResponderRow {
  authority_id: string;
  certificate: Buffer;
  key_reference: string;
  not_before: Date;
  not_after: Date;
}

export class PgAuthorityStore implements AuthorityStore {
  async insertAuthority(tx: Transaction, authority: AuthorityRecord): Promise<void> {
    await pg(tx).execute({
      text: `insert into authority (id, issuer_id, assurance_level, certificate, key_reference, crl_shards, created_at,
          successor_of, profiles, names)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        authority.id,
        authority.issuerId ?? null,
        authority.assuranceLevel,
        authority.certificate,
        authority.keyReference ?? null,
        authority.crlShards,
        authority.createdAt,
        authority.successorOf ?? null,
        authority.profiles ?? null,
        authority.names ? JSON.stringify(authority.names) : null,
      ],
    });
  }

  async insertResponder(tx: Transaction, responder: ResponderRecord): Promise<void> {
    await pg(tx).execute({
      text: `insert into ocsp_responder (authority_id, certificate, key_reference, not_before, not_after, node_name)
        values ($1, $2, $3, $4, $5, $6)`,
      values: [
        responder.authorityId,
        responder.certificate,
        responder.keyReference,
        responder.notBefore,
        responder.notAfter,
        responder.nodeName ?? null,
      ],
    });
  }

  async listAuthorities(tx: Transaction): Promise<AuthorityRecord[]> {
    const rows = await pg(tx).query<AuthorityRow>({
      text: `with recursive tree as (
          select a.*, 0 as depth from authority a where a.issuer_id is null
          union all
          select a.*, tree.depth + 1 from authority a join tree on a.issuer_id = tree.id)
        select id, issuer_id, assurance_level, certificate, key_reference, crl_shards, created_at, successor_of,
          profiles, names from tree
        order by depth, id`,
    });
    return rows.map((row) => ({
      id: row.id,
      assuranceLevel: row.assurance_level,
      certificate: row.certificate,
      crlShards: row.crl_shards,
      createdAt: row.created_at,
      ...(row.issuer_id && { issuerId: row.issuer_id }),
      ...(row.key_reference && { keyReference: row.key_reference }),
      ...(row.successor_of && { successorOf: row.successor_of }),
      ...(row.profiles && { profiles: row.profiles }),
      ...(row.names && { names: row.names }),
    }));
  }

  async listResponders(tx: Transaction, now: Date): Promise<ResponderRecord[]> {
    const rows = await pg(tx).query<ResponderRow>({
      text: `select authority_id, certificate, key_reference, not_before, not_after from ocsp_responder r
        where not_after > $1 and node_name is null
          and not exists (select from certificate c
            join status_change s on s.authority_id = c.authority_id and s.serial_number = c.serial_number
            where c.sha256 = sha256(r.certificate) and s.event = 'revoked')
        order by not_before desc`,
      values: [now],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      certificate: row.certificate,
      keyReference: row.key_reference,
      notBefore: row.not_before,
      notAfter: row.not_after,
    }));
  }
}
