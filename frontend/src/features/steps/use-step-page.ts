import { useSearchParams } from 'react-router';

import { currentParams } from '@/lib/current-params';

import { STEPS } from './api/list-steps';
import { pageStart } from './pages';

const NAME = 'steps';

/** The page of steps in the address, so that a link shows what one sees. */
export function useStepPage(): [number, (after: number) => void] {
  const [params, setParams] = useSearchParams();
  const show = (after: number): void => {
    const next = currentParams();
    if (after > 0) next.set(NAME, String(after));
    else next.delete(NAME);
    setParams(next, { replace: true, preventScrollReset: true });
  };
  return [pageStart(params.get(NAME), STEPS), show];
}
