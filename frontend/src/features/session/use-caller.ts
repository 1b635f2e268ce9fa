import type { Role, Scope, User } from '@/types';

import { useMe } from './api/get-me';

const widest: Record<Role, Scope> = { operator: 'all', admin: 'tenant', member: 'own', viewer: 'tenant' };
const order: Scope[] = ['own', 'tenant', 'all'];

/** The logged-in user, for pages behind the guard. */
export function useCaller(): User {
  const me = useMe().data;
  if (!me) throw new Error('Used outside of the guard');
  return me;
}

/** All that a role may see. */
export const widestScope = (role: Role): Scope => widest[role];

/** The scopes that a role may read, narrowest first. */
export function scopesOf(role: Role): Scope[] {
  return order.slice(0, order.indexOf(widest[role]) + 1);
}

export const isAdmin = (role: Role): boolean => role === 'admin' || role === 'operator';
export const mayChange = (role: Role): boolean => role !== 'viewer';
