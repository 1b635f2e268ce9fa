import { Component, createElement, Suspense, use, type ComponentType, type ReactNode } from 'react';

import { LoadFailed } from './load-failed';

interface BoundaryProps {
  children: ReactNode;
  /** A new value tries again: another page, or an overlay that is opened again. */
  resetKey?: string;
  onClose?: (() => void) | undefined;
}

/** Makes each part that failed to load be fetched again when it is next shown. */
const failed = new Set<() => void>();

function forgetFailures(): void {
  for (const reset of failed) reset();
  failed.clear();
}

/** Limits the failure of one part of the page to that part. */
export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.again();
  }

  override componentWillUnmount(): void {
    if (this.state.error) forgetFailures();
  }

  private again(): void {
    forgetFailures();
    this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <LoadFailed error={error} onRetry={() => { this.again(); }} onClose={this.props.onClose} />;
  }
}

export interface Loadable<P> {
  (props: P): ReactNode;
  /** Fetches the code ahead; a failure is shown when the code is used. */
  preload: () => void;
}

/** The address in the browser's message of a failed import. */
const ADDRESS = /https?:\/\/[^\s?]+\.js/;

/** Chromium remembers that an import failed: the next try has to be of another address. */
function importAgain<M>(error: unknown, load: () => Promise<M>): Promise<M> {
  const address = ADDRESS.exec(error instanceof Error ? error.message : '')?.[0];
  return address ? (import(/* @vite-ignore */ `${address}?again=${String(Date.now())}`) as Promise<M>) : load();
}

/** A component whose code is fetched on first use. Unlike `React.lazy` it can be tried again after a failure. */
export function loadable<M, P extends object>(load: () => Promise<M>, pick: (module: M) => ComponentType<P>): Loadable<P> {
  let loading: Promise<ComponentType<P>> | undefined;
  let failure: unknown;
  const reset = (): void => { loading = undefined; };
  // A failure is kept until it is reset: React renders again after it, and would start tries without end.
  const start = (): Promise<ComponentType<P>> => {
    loading ??= (failure === undefined ? load() : importAgain(failure, load)).then(pick).catch((error: unknown) => {
      failure = error;
      failed.add(reset);
      throw error;
    });
    return loading;
  };
  function Loaded(props: P): ReactNode {
    return createElement(use(start()), props);
  }
  Loaded.preload = (): void => { start().catch(reset); };
  return Loaded;
}

/** An overlay whose code is fetched on first use: nothing while it loads, an error dialog when that fails. */
export function Overlay({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  return <Boundary onClose={onClose}><Suspense>{children}</Suspense></Boundary>;
}
