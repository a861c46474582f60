import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Certificate, Page } from './types.ts';

export type CardState =
  | 'received'
  | 'in-stock'
  | 'reserved'
  | 'personalised'
  | 'handed-over'
  | 'pin-blocked'
  | 'lost'
  | 'spoiled'
  | 'replaced'
  | 'destroyed';

export interface Card {
  id: string;
  serial: string;
  batchId: string;
  cardType: string;
  /** Absent: with the CA. */
  officeId?: string;
  state: CardState;
  version: number;
  changedAt: string;
}

export interface CardChange {
  version: number;
  action: CardChangeAction | CardAction;
  to: CardState;
  officeId?: string;
  applicationId?: string;
  note?: string;
  changedBy: string;
  changedAt: string;
}

/** What officers do with one card. */
export type CardAction =
  'take-back' | 'block-pin' | 'unblock-pin' | 'lose' | 'find' | 'replace' | 'discard' | 'destroy';
/** What else happens to one. */
export type CardChangeAction = 'assign' | 'reserve' | 'release' | 'personalise' | 'hand-over' | 'spoil';

export interface CardFile {
  card: Card;
  changes: CardChange[];
  certificates: Certificate[];
}

export interface CardCount {
  officeId?: string;
  state: CardState;
  cards: number;
}

export interface CardBatch {
  id: string;
  reference: string;
  cardType: string;
  cards: number;
  importedAt: string;
}

const CARDS = ['cards'] as const;
const PAGE_SIZE = 25;

export interface CardFilter {
  state?: CardState;
  serial?: string;
}

export function useCards({ state, serial }: CardFilter) {
  return useInfiniteQuery({
    queryKey: [...CARDS, 'list', state, serial],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Card>>('GET', '/cards', {
        signal,
        query: { state, serial, before: pageParam, limit: PAGE_SIZE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

export function useCardCounts() {
  return useQuery({
    queryKey: [...CARDS, 'counts'],
    queryFn: ({ signal }) => request<Page<CardCount>>('GET', '/cards/counts', { signal }),
  });
}

export function useCardFile(id: string) {
  return useQuery({
    queryKey: [...CARDS, 'one', id],
    queryFn: ({ signal }) => request<CardFile>('GET', `/cards/${id}`, { signal }),
  });
}

export function useCardBatches() {
  return useQuery({
    queryKey: [...CARDS, 'batches'],
    queryFn: ({ signal }) => request<Page<CardBatch>>('GET', '/card-batches', { signal }),
  });
}

export interface CardDelivery {
  reference: string;
  cardType: string;
  format: 'csv' | 'ndjson';
  list: string;
}

export function useImportCards() {
  return useMutation({
    mutationFn: (delivery: CardDelivery) => request<CardBatch>('POST', '/card-batches', { body: delivery }),
    onSuccess: cardsChanged,
  });
}

export function useAssignCards() {
  return useMutation({
    mutationFn: (parcel: { officeId: string; serials: string[] }) =>
      request<Page<Card>>('POST', '/cards/assignments', { body: parcel }),
    onSuccess: cardsChanged,
  });
}

export function useChangeCard(id: string) {
  return useMutation({
    mutationFn: (change: { action: CardAction; version: number; note?: string }) =>
      request<Card>('POST', `/cards/${id}/changes`, { body: change }),
    onSuccess: cardsChanged,
  });
}

export async function cardTicket(
  id: string,
  agentId: string,
  operation: 'read-card' | 'unblock-pin',
): Promise<string> {
  const body = { agentId, operation };
  return (await request<{ ticket: string }>('POST', `/cards/${id}/tickets`, { body })).ticket;
}

export function cardsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: CARDS });
  void queryClient.invalidateQueries({ queryKey: ['certificates'] });
}
