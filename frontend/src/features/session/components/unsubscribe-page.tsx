import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';

import { Button } from '@/components/button';
import { FormError } from '@/components/form-error';
import { api } from '@/lib/api-client';

import { AuthLayout } from './auth-layout';

/** Asks first: mail scanners open links. */
export function Component() {
  const token = useLocation().hash.slice(1);
  const end = useMutation({ mutationFn: () => api.post('/unsubscribe/{token}', { path: { token } }) });
  return (
    <AuthLayout title="Mails about failed jobs" foot={<Link to="/settings/notifications" className="font-medium text-accent hover:underline">All choices are in the settings</Link>}>
      {end.isSuccess ? <p role="status">You get no more mails about failed jobs and alerts.</p> : (
        <div className="flex flex-col gap-4">
          <FormError error={end.error} />
          <Button kind="primary" busy={end.isPending} onClick={() => { end.mutate(); }}>Unsubscribe</Button>
        </div>
      )}
    </AuthLayout>
  );
}
