import { Link } from 'react-router';

import { Fact } from '@/components/fact';
import { useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';

import { usePeopleOf, type Owned } from '../api/get-people';

const link = 'text-accent hover:underline';

/** Whose it is, when it is not one's own: links to all jobs of the owner, and of the tenant. */
export function Whose({ of }: { of: Owned }) {
  const me = useCaller();
  const to = useScopedLink();
  const people = usePeopleOf(of).data;
  if (of.ownerId === me._id) return null;
  return (
    <>
      <Fact name="Owner"><Link className={link} to={to('/', { owner: of.ownerId })}>{people?.owner ?? of.ownerId}</Link></Fact>
      {me.role === 'operator' ? <Fact name="Workspace"><Link className={link} to={to('/', { tenant: of.tenantId })}>{people?.tenant ?? of.tenantId}</Link></Fact> : null}
    </>
  );
}
