import type { Scope } from '@/types';

/** Whose jobs an address asks for; `otherwise` where it names none. */
export function scopeIn(params: URLSearchParams, otherwise: Scope): Scope {
  return (['own', 'tenant', 'all'] as const).find((scope) => scope === params.get('scope')) ?? otherwise;
}
