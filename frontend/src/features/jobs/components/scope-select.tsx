import { Segmented } from '@/components/segmented';
import { scopesOf, useCaller } from '@/features/session/use-caller';
import type { Scope } from '@/types';

const label: Record<Scope, string> = { own: 'Mine', tenant: 'Workspace', all: 'All' };

/** Whose jobs are shown; only for roles that may see more than their own. */
export function ScopeSelect({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const scopes = scopesOf(useCaller().role);
  if (scopes.length < 2) return null;
  return <Segmented label="Whose jobs" value={scope} onChange={onChange} options={scopes.map((value) => ({ value, label: label[value] }))} />;
}
