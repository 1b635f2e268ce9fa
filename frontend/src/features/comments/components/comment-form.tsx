import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { drafts, useDraft } from '@/lib/drafts';

import { useAddComment } from '../api/change-comments';
import { MAX_CHARS, subjectKey, type Subject } from '../subject';

/** Writes a comment; Ctrl+Enter sends it. What was not sent is kept. */
export function CommentForm({ subject }: { subject: Subject }) {
  const key = `comment:${subjectKey(subject)}`;
  const [text, setText] = useDraft(key, '');
  const add = useAddComment(subject);
  const blank = text.trim() === '';
  const send = (): void => {
    if (!blank && !add.isPending) add.mutate(text, { onSuccess: () => { setText(''); drafts.drop(key); } });
  };
  const wrong = fieldError(add.error, 'text');
  return (
    <form className="flex flex-col gap-2 border-t border-line px-4 py-3" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Field label="New comment" error={wrong}>
        {(wiring) => (
          <textarea
            {...wiring} className="field h-auto min-h-16 py-1.5" rows={2} maxLength={MAX_CHARS} value={text}
            onChange={(event) => { setText(event.target.value); if (add.isError) add.reset(); }}
            onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); } }}
          />
        )}
      </Field>
      <FormError error={wrong ? null : add.error} />
      <Button type="submit" size="sm" className="self-end" busy={add.isPending} disabled={blank}>Add comment</Button>
    </form>
  );
}
