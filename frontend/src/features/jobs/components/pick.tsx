import type { ReactNode } from 'react';

import { cx } from '@/lib/cx';

interface PickProps {
  /** Its name, and its label while nothing is chosen. */
  label: string;
  value: string;
  /** Takes the room that its longest text needs. */
  whole?: boolean;
  onChange: (value: string) => void;
  children: ReactNode;
}

export function Pick({ label, value, whole = false, onChange, children }: PickProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => { onChange(event.target.value); }} className={cx('field w-auto min-w-0 max-sm:max-w-none', whole ? 'max-sm:basis-full' : 'max-w-44 max-sm:flex-[1_1_40%]')}>
      <option value="">{label}</option>
      {children}
    </select>
  );
}

/** A choice among names. An unknown value (from a link, or a deleted queue) is still shown as chosen. */
export function NamePick({ names, ...pick }: Omit<PickProps, 'children'> & { names: string[] }) {
  const all = pick.value && !names.includes(pick.value) ? [pick.value, ...names] : names;
  return <Pick {...pick}>{all.map((name) => <option key={name}>{name}</option>)}</Pick>;
}
