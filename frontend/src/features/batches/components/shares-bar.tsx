import { endedOf, progressText, sharesOf, type Progress } from '../progress';

/** A bar of the jobs by what became of them. */
export function SharesBar({ progress, label }: { progress: Progress; label: string }) {
  const ended = progress.total === 0 ? 100 : Math.round((100 * endedOf(progress)) / progress.total);
  return (
    <div role="progressbar" aria-label={label} aria-valuenow={ended} aria-valuemin={0} aria-valuemax={100} aria-valuetext={progressText(progress)} className="flex h-1.5 w-full gap-px overflow-hidden rounded-full bg-line">
      {sharesOf(progress).filter(({ status, jobs }) => jobs > 0 && status !== 'pending').map(({ status, percent }) => (
        <span key={status} data-status={status} className="h-full min-w-0.5 bg-(--s) transition-[width] duration-300" style={{ width: `${String(percent)}%` }} />
      ))}
    </div>
  );
}
