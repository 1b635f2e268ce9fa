import type { Role } from '@/types';

/** The roles that an admin can give. */
export const givenRoles = ['admin', 'member', 'viewer'] as const satisfies Role[];

export type GivenRole = (typeof givenRoles)[number];

export const roleName: Record<Role, string> = { operator: 'Operator', admin: 'Admin', member: 'Member', viewer: 'Viewer' };

export const roleMeaning: Record<Role, string> = {
  operator: 'manages everything in all workspaces',
  admin: 'manages all jobs, queues and members',
  member: 'manages their own jobs',
  viewer: 'sees all jobs, changes nothing',
};
