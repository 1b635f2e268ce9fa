import { explain } from './explain';

export interface Toast {
  id: number;
  kind: 'success' | 'error';
  text: string;
}

const MOST = 4;
let list: Toast[] = [];
let next = 1;
const watchers = new Set<() => void>();

function set(toasts: Toast[]): void {
  list = toasts;
  for (const watcher of watchers) watcher();
}

function add(kind: Toast['kind'], text: string): void {
  set([...list, { id: next++, kind, text }].slice(-MOST));
}

export const toasts = {
  success: (text: string) => { add('success', text); },
  error: (error: Error) => { add('error', explain(error)); },
  dismiss: (id: number) => { set(list.filter((toast) => toast.id !== id)); },
  read: () => list,
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
