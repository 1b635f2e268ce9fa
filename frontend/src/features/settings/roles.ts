import type { Role } from '@/types';

/** The roles that an admin can give. */
export const givenRoles = ['admin', 'member', 'viewer'] as const satisfies Role[];

export type GivenRole = (typeof givenRoles)[number];

export const roleName: Record<Role, string> = { operator: 'Operator', admin: 'Admin', member: 'Member', viewer: 'Viewer' };

export const roleMeaning: Record<Role, string> = {
  operator: 'sees and changes everything, in all workspaces',
  admin: 'every job, queues and members of the workspace',
  member: 'own jobs',
  viewer: 'reads every job, changes none',
};
