import { Layers } from 'lucide-react';

import { EmptyState } from '@/components/states';
import type { Queue } from '@/types';

import { byAttention } from '../attention';
import { QueueCard } from './queue-card';

/** Queues of one workspace; `tenant` is its id where it is not one's own. */
export function QueueGrid({ queues, tenant }: { queues: Queue[]; tenant?: string }) {
  if (queues.length === 0) return <div className="card"><EmptyState icon={Layers} title="No queues yet">A queue is created with the first job that names it.</EmptyState></div>;
  return <ul className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">{byAttention(queues).map((queue) => <QueueCard key={queue.name} queue={queue} tenant={tenant} />)}</ul>;
}

export function QueueGridSkeleton() {
  return <div className="grid gap-4 sm:grid-cols-2"><div className="card skeleton h-40" /><div className="card skeleton h-40" /></div>;
}
