import type {
  NodeResponder,
  ResponderRequest,
  ResponderRequestStore,
} from '../ca/authority/responder-request-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

interface RequestRow {
  authority_id: string;
  node_name: string;
  key_reference: string;
  spki_sha256: Buffer;
  certification_request: Buffer;
  enrolled_at: Date;
}

interface ResponderRow {
  authority_id: string;
  certificate: Buffer;
  key_reference: string;
  not_before: Date;
  not_after: Date;
  node_name: string;
}

export class PgResponderRequests implements ResponderRequestStore {
  async enrol(tx: Transaction, request: ResponderRequest): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: `insert into responder_request (authority_id, node_name, key_reference, spki_sha256, certification_request,
          enrolled_at)
        values ($1, $2, $3, $4, $5, $6) on conflict (spki_sha256) do nothing`,
      values: [
        request.authorityId,
        request.nodeName,
        request.keyReference,
        request.spkiSha256,
        request.certificationRequest,
        request.enrolledAt,
      ],
    });
    return inserted > 0;
  }

  async waiting(tx: Transaction): Promise<ResponderRequest[]> {
    const rows = await pg(tx).query<RequestRow>({
      text: `select authority_id, node_name, key_reference, spki_sha256, certification_request, enrolled_at
        from responder_request r
        where not exists (select from issuance_intent i where i.spki_sha256 = r.spki_sha256)
          and not exists (select from blocked_key b where b.spki_sha256 = r.spki_sha256)
        order by id`,
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      nodeName: row.node_name,
      keyReference: row.key_reference,
      spkiSha256: row.spki_sha256,
      certificationRequest: row.certification_request,
      enrolledAt: row.enrolled_at,
    }));
  }

  async listNodeResponders(tx: Transaction, now: Date): Promise<NodeResponder[]> {
    const rows = await pg(tx).query<ResponderRow>({
      text: `select authority_id, certificate, key_reference, not_before, not_after, node_name from ocsp_responder o
        where node_name is not null and not_after > $1
          and not exists (select from certificate c join issuance_intent i using (authority_id, serial_number)
            join blocked_key b using (spki_sha256) where c.sha256 = sha256(o.certificate))
        order by not_before desc`,
      values: [now],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      certificate: row.certificate,
      keyReference: row.key_reference,
      notBefore: row.not_before,
      notAfter: row.not_after,
      nodeName: row.node_name,
    }));
  }
}
