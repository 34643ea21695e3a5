/** The certificates that a list shows, fetched page by page as they come into view. */
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CertificateView } from '../../contract/certificate.ts';
import type { WarifuClient } from '../../contract/contract.ts';
import { useApi } from '../connection/api.tsx';

type Input = Omit<Parameters<WarifuClient['certificate']['list']>[0], 'offset' | 'limit' | 'after'>;
type PageOfCertificates = Awaited<ReturnType<WarifuClient['certificate']['list']>>;

export const pageSize = 100;
/** Pages out of view are forgotten soon: somebody may scroll through all of them. */
const rememberedMs = 30_000;

export interface CertificatePages {
  readonly total: number;
  readonly hasMore: boolean;
  /** Undefined while it is on its way. */
  row(at: number): CertificateView | undefined;
  /** What is shown answers an older question. */
  readonly isOld: boolean;
  readonly isEmpty: boolean;
  readonly error: Error | null;
}

/** The first page is always at hand, and what was asked before is shown until it comes. */
export function useCertificatePages(input: Input, first: number, last: number): CertificatePages {
  const { client } = useApi();
  const queries = useQueryClient();
  const keyOf = (page: number) => ['certificate-page', input, page] as const;
  const options = (page: number) => ({
    queryKey: keyOf(page),
    gcTime: rememberedMs,
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      // Going on from the page before is quicker than counting from the first row.
      const before = queries.getQueryState<PageOfCertificates>(keyOf(page - 1));
      const after = before?.isInvalidated === false ? before.data?.next : undefined;
      const start = after ? { after, offset: 0 } : { offset: page * pageSize };
      return client.certificate.list({ ...input, ...start, limit: pageSize }, { signal });
    },
  });
  const top = useQuery({ ...options(0), placeholderData: keepPreviousData });
  const total = top.data?.total ?? 0;
  const [from, to] = useUnhurried(Math.floor(first / pageSize), Math.floor(Math.max(0, last - 1) / pageSize));
  const wanted = Array.from({ length: to - from + 1 }, (_, n) => from + n).filter(
    (page) => page > 0 && page * pageSize < total,
  );
  const others = useQueries({ queries: top.isPlaceholderData ? [] : wanted.map(options) });
  return {
    total,
    hasMore: top.data?.hasMore ?? false,
    row(at) {
      const page = Math.floor(at / pageSize);
      const data = page === 0 ? top.data : others[wanted.indexOf(page)]?.data;
      return data?.items[at % pageSize];
    },
    isOld: top.isPlaceholderData,
    isEmpty: top.data !== undefined && total === 0,
    error: top.error ?? others.find(({ error }) => error)?.error ?? null,
  };
}

/** Follows a quick change at most ten times a second: a scrollbar that is dragged asks for no page it only passes. */
function useUnhurried(from: number, to: number): readonly [from: number, to: number] {
  const [followed, setFollowed] = useState<readonly [number, number]>([from, to]);
  const latest = useRef(followed);
  latest.current = [from, to];
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if ((followed[0] === from && followed[1] === to) || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      setFollowed(latest.current);
    }, 100);
  }, [followed, from, to]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return followed;
}
