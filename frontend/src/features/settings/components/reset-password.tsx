import { KeyRound } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import type { User } from '@/types';

import { useResetPassword } from '../api/reset-password';

function ResetDialog({ member, onClose }: { member: User; onClose: () => void }) {
  const reset = useResetPassword();
  const footer = <><Button onClick={onClose}>Back</Button><Button kind="primary" busy={reset.isPending} onClick={() => { reset.mutate(member, { onSuccess: onClose }); }}>Reset the password</Button></>;
  return (
    <Dialog title={`Reset the password of ${member.username}`} onClose={reset.isPending ? undefined : onClose} footer={footer}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">You see the new password once, to pass it on. The current password stops working, and {member.username} is logged out everywhere.</p>
        <FormError error={reset.error} />
      </div>
    </Dialog>
  );
}

export function ResetPassword({ member }: { member: User }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={`Reset the password of ${member.username}`} onClick={() => { setOpen(true); }}><KeyRound /></IconButton>
      {open ? <ResetDialog member={member} onClose={() => { setOpen(false); }} /> : null}
    </>
  );
}
