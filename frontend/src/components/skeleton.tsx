/** Grey rows in the shape of a list while it loads. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-hidden className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-12 items-center gap-4 border-t border-line px-4">
          <span className="skeleton h-5 w-20" />
          <span className="skeleton h-3.5 flex-1" style={{ maxWidth: `${String(14 + ((row * 7) % 9))}rem` }} />
          <span className="skeleton ml-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}
