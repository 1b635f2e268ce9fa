import { ArrowUp } from 'lucide-react';

/** The minimum size of a page: a longer list of new jobs is cut, and its length is then unknown. */
const COUNTED = 50;

/** Says how many jobs arrived while the rows were held in place; a click shows them. */
export function WaitingJobs({ waiting, onShow }: { waiting: number; onShow: () => void }) {
  if (waiting === 0) return null;
  const number = waiting >= COUNTED ? `${String(COUNTED)}+` : String(waiting);
  return (
    <div className="pointer-events-none sticky top-16 z-20 flex h-0 justify-center md:top-26">
      <button type="button" data-testid="waiting-jobs" onClick={onShow} className="num pointer-events-auto mt-2 inline-flex h-8 items-center gap-1.5 rounded-full bg-accent px-3.5 text-[0.8125rem] font-medium text-surface shadow-pop hover:brightness-110">
        <ArrowUp aria-hidden className="size-4" />
        {number} new {waiting === 1 ? 'job' : 'jobs'}
      </button>
    </div>
  );
}
