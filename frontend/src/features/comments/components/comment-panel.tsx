import { Trash2 } from 'lucide-react';

import { Age } from '@/components/age';
import { Button, IconButton } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { isAdmin, mayChange, useCaller } from '@/features/session/use-caller';
import { plainText } from '@/lib/plain-text';
import type { Comment } from '@/types';

import { useDeleteComment } from '../api/change-comments';
import { useComments } from '../api/list-comments';
import type { Subject } from '../subject';
import { CommentForm } from './comment-form';

function CommentRow({ comment, author }: { comment: Comment; author: string }) {
  const caller = useCaller();
  const remove = useDeleteComment();
  const deletable = mayChange(caller.role) && (comment.ownerId === caller._id || isAdmin(caller.role));
  return (
    <li data-testid="comment" className="flex items-start gap-2 border-t border-line px-4 py-2.5 text-[0.8125rem]">
      <div className="min-w-0 flex-1">
        <p className="text-xs text-ink-3"><span className="font-medium text-ink-2">{author}</span>{comment.key === null ? '' : ` by the key ${comment.key}`} · <Age at={comment.con} /></p>
        <p className="wrap-anywhere whitespace-pre-wrap">{plainText(comment.text)}</p>
      </div>
      {deletable ? <IconButton label={`Delete the comment of ${author}`} aria-busy={remove.isPending} onClick={() => { if (!remove.isPending) remove.mutate(comment._id); }}><Trash2 /></IconButton> : null}
    </li>
  );
}

/** What people wrote about a job or an error, and a form to add to it. */
export function CommentPanel({ subject, title = 'Comments' }: { subject: Subject; title?: string }) {
  const comments = useComments(subject);
  const writable = mayChange(useCaller().role);
  return (
    <Section title={title}>
      <QueryView query={comments} skeleton={<SkeletonRows rows={2} />}>
        {({ pages }) => {
          const owners = Object.assign({}, ...pages.map((page) => page.owners)) as Record<string, string>;
          const all = pages.flatMap((page) => page.comments);
          if (all.length === 0) return <p className="px-4 pb-3 text-ink-3">None</p>;
          return <ul aria-label={title} className="mt-2">{all.map((comment) => <CommentRow key={comment._id} comment={comment} author={owners[comment.ownerId] ?? 'A former member'} />)}</ul>;
        }}
      </QueryView>
      {comments.hasNextPage ? <Button kind="ghost" size="sm" className="m-2 self-center" busy={comments.isFetchingNextPage} onClick={() => { void comments.fetchNextPage(); }}>Older comments</Button> : null}
      {writable ? <CommentForm subject={subject} /> : null}
    </Section>
  );
}
