import { Monitor, Moon, Sun } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { Section } from '@/components/page';
import { setTheme, useThemeChoice, type ThemeChoice } from '@/features/theme/theme';
import { cx } from '@/lib/cx';

const themes: { value: ThemeChoice; label: string; icon: LucideIcon }[] = [
  { value: 'system', label: 'System', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
];

export function ThemePicker() {
  const choice = useThemeChoice();
  return (
    <Section title="Theme">
      <div role="group" aria-label="Theme" className="grid gap-3 px-4 pt-2 pb-4 sm:max-w-lg sm:grid-cols-3">
        {themes.map(({ value, label, icon: Icon }) => (
          <button key={value} type="button" aria-pressed={choice === value} onClick={() => { setTheme(value); }} className={cx('flex items-center gap-2.5 rounded-lg border px-3 py-3 font-medium sm:flex-col', choice === value ? 'border-accent bg-accent-soft' : 'border-line hover:bg-hover')}>
            <Icon aria-hidden className="size-5 text-ink-2" />
            {label}
          </button>
        ))}
      </div>
    </Section>
  );
}
