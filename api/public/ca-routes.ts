import { createHash } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { DomainError } from '../../core/errors.ts';
import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import type { PublishedAuthority } from '../api-services.ts';
import type { TypedApp } from '../typed-app.ts';
import { namesEntityTag } from './entity-tag.ts';

/** CA certificates hardly ever change; a day lets a new generation be found soon. */
const MAX_AGE_SECONDS = 86_400;

/** What these routes need of an authority. */
export type DownloadableAuthority = Pick<PublishedAuthority, 'id' | 'issuerId' | 'certificate'>;

interface Download {
  body: Buffer;
  mediaType: string;
  etag: string;
}

/** `GET /ca/<ca>.cer`: the certificate, DER; `GET /ca/<ca>.p7c`: it and those above it (RFC 5280 §4.2.2.1, RFC 8551 §3.2.1). */
export function caRoutes(app: TypedApp, authorities: readonly DownloadableAuthority[]): void {
  const downloads = downloadsOf(authorities);
  app.get('/ca/:file', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
    const { file } = request.params as { file: string };
    const download = downloads.get(file);
    if (!download) throw new DomainError('not-found', 'no such certificate');
    return send(request, reply, download);
  });
}

function send(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).header('etag', download.etag);
  if (namesEntityTag(request.headers['if-none-match'], download.etag)) return reply.code(304).send();
  return reply.type(download.mediaType).send(download.body);
}

function downloadsOf(authorities: readonly DownloadableAuthority[]): Map<string, Download> {
  const byId = new Map(authorities.map((authority) => [authority.id, authority]));
  const downloads = new Map<string, Download>();
  for (const authority of authorities) {
    const chain: Buffer[] = [];
    for (let one: DownloadableAuthority | undefined = authority; one; one = byId.get(one.issuerId ?? '')) {
      chain.push(one.certificate);
    }
    downloads.set(`${authority.id}.cer`, download(authority.certificate, 'application/pkix-cert'));
    downloads.set(
      `${authority.id}.p7c`,
      download(encodeCertificatesOnly(chain), 'application/pkcs7-mime; smime-type=certs-only'),
    );
  }
  return downloads;
}

function download(body: Buffer, mediaType: string): Download {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, mediaType, etag };
}
