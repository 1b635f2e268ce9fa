import { Trash2 } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Link } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';
import type { View } from '@/types';

import { useDeleteView, useSaveView, useViews } from '../api/views';

type ListPage = View['page'];

const paths: Record<ListPage, string> = { jobs: '/', dlq: '/dlq' };
const where = ({ page, query }: View): string => `${paths[page]}?${new URLSearchParams(query).toString()}`;

/** The parameters of the address, without the place in the list. */
function shownQuery(): Record<string, string> {
  const { cursor: _cursor, new: _new, ...query } = Object.fromEntries(currentParams());
  return query;
}

function ViewRow({ view, onOpen }: { view: View; onOpen: () => void }) {
  const caller = useCaller();
  const remove = useDeleteView();
  const deletable = view.ownerId === caller._id || isAdmin(caller.role);
  return (
    <li data-testid="view" className="flex min-h-10 items-center gap-3 border-t border-line px-3">
      <Link to={where(view)} onClick={onOpen} className="min-w-0 flex-1 truncate font-medium hover:underline">{view.name}</Link>
      {view.shared ? <span className="text-xs text-ink-3">Shared</span> : null}
      {deletable ? <IconButton label={`Delete the view ${view.name}`} aria-busy={remove.isPending} onClick={() => { if (!remove.isPending) remove.mutate(view._id); }}><Trash2 /></IconButton> : null}
    </li>
  );
}

function SaveForm({ page }: { page: ListPage }) {
  const admin = isAdmin(useCaller().role);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useSaveView();
  const wrong = fieldError(save.error, 'name');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    save.mutate({ name, page, shared, query: shownQuery() }, { onSuccess: () => { setName(''); } });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <TextField label="Save these filters as" maxLength={60} value={name} error={wrong} onChange={(event) => { setName(event.target.value); if (save.isError) save.reset(); }} />
      {admin ? <label className="flex items-center gap-2.5"><input type="checkbox" checked={shared} onChange={() => { setShared(!shared); }} />Share it with the workspace</label> : null}
      <FormError error={wrong ? null : save.error} />
      <Button type="submit" kind="primary" className="self-end" busy={save.isPending} disabled={name.trim() === ''}>Save view</Button>
    </form>
  );
}

/** Saved views of a list: open, save, delete. */
export default function ViewsDialog({ page, onClose }: { page: ListPage; onClose: () => void }) {
  const views = useViews();
  return (
    <Dialog title="Views" description="Filters of this list under a name, yours and those shared with the workspace." onClose={onClose}>
      <div className="flex flex-col gap-4">
        <QueryView query={views} skeleton={<SkeletonRows rows={2} />}>
          {(all) => {
            const here = all.filter((view) => view.page === page);
            return here.length > 0 ? <ul aria-label="Saved views" className="rounded-lg border border-line [&>li:first-child]:border-t-0">{here.map((view) => <ViewRow key={view._id} view={view} onOpen={onClose} />)}</ul> : <p className="text-ink-3">No views yet</p>;
          }}
        </QueryView>
        <SaveForm page={page} />
      </div>
    </Dialog>
  );
}
