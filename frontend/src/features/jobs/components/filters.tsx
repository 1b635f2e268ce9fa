import { SlidersHorizontal } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import { Button } from '@/components/button';
import { cx } from '@/lib/cx';

/** Filters beside a search. Phones show them on demand, below the list's title. */
export function Filters({ picked, children }: { picked: number; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <Button icon={<SlidersHorizontal />} aria-expanded={open} aria-controls={id} onClick={() => { setOpen(!open); }} className="sm:hidden">
        Filters{picked > 0 ? ` (${String(picked)})` : ''}
      </Button>
      <div id={id} className={cx('contents', !open && 'max-sm:hidden')}>{children}</div>
    </>
  );
}
