import { Button } from './button';

interface CursorPagesProps {
  page: { prevCursor: string | null; nextCursor: string | null };
  onCursor: (cursor: string) => void;
}

/** To the pages before and after this one; nothing where there is one page. */
export function CursorPages({ page: { prevCursor, nextCursor }, onCursor }: CursorPagesProps) {
  if (!prevCursor && !nextCursor) return null;
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
      <Button disabled={!prevCursor} onClick={() => { onCursor(prevCursor ?? ''); }}>Previous</Button>
      <Button disabled={!nextCursor} onClick={() => { onCursor(nextCursor ?? ''); }}>Next</Button>
    </nav>
  );
}
