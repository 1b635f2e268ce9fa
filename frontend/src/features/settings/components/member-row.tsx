import { UserMinus } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import type { User } from '@/types';

import { useChangeRole } from '../api/change-role';
import { useRemoveMember } from '../api/remove-member';
import { givenRoles, roleMeaning, roleName, type GivenRole } from '../roles';
import { ResetPassword } from './reset-password';

interface MemberRowProps {
  member: User;
  self: boolean;
  admin: boolean;
}

function RoleSelect({ member }: { member: User }) {
  const change = useChangeRole();
  return (
    <select aria-label={`Role of ${member.username}`} value={member.role} aria-busy={change.isPending} title={roleMeaning[member.role]} onChange={(event) => { if (!change.isPending) change.mutate({ id: member._id, role: event.target.value as GivenRole }); }} className="field w-auto">
      {givenRoles.map((role) => <option key={role} value={role}>{roleName[role]}</option>)}
    </select>
  );
}

function RemoveButton({ member }: { member: User }) {
  const [open, setOpen] = useState(false);
  const remove = useRemoveMember();
  const close = (): void => { setOpen(false); };
  return (
    <>
      <IconButton label={`Remove ${member.username}`} onClick={() => { setOpen(true); }}><UserMinus /></IconButton>
      {open ? (
        <Dialog title={`Remove ${member.username}`} onClose={close} footer={<><Button onClick={close}>Back</Button><Button kind="danger" busy={remove.isPending} onClick={() => { remove.mutate(member._id, { onSuccess: close }); }}>Remove</Button></>}>
          <p className="text-ink-2">They can no longer log in. Their jobs are kept.</p>
        </Dialog>
      ) : null}
    </>
  );
}

export function MemberRow({ member, self, admin }: MemberRowProps) {
  const changeable = admin && !self && member.role !== 'operator';
  return (
    <li className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
      <span aria-hidden className="flex size-9 shrink-0 items-center justify-center rounded-full bg-hover text-xs font-semibold uppercase ring-1 ring-line">{member.username.slice(0, 2)}</span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{member.username}{self ? <span className="ml-2 text-xs font-normal text-ink-3">you</span> : null}</p>
        <p className="truncate text-xs text-ink-3">{member.email}</p>
      </div>
      {changeable ? <><RoleSelect member={member} /><ResetPassword member={member} /><RemoveButton member={member} /></> : <span className="rounded-md border border-line px-2 py-0.5 text-xs text-ink-2">{roleName[member.role]}</span>}
    </li>
  );
}
