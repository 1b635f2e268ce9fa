import { Section } from '@/components/page';

export const CHART_HEIGHT = 176;

/** Placeholders of the charts' size, so that nothing below moves when they load. */
export function ChartsSkeleton() {
  return (
    <div data-testid="charts" className="grid gap-3 pb-2 xl:grid-cols-2">
      {[0, 1].map((n) => (
        <div key={n}>
          <div className="min-h-6" />
          <div className="px-4 py-3" style={{ height: CHART_HEIGHT }}><div className="skeleton h-full" /></div>
        </div>
      ))}
    </div>
  );
}

export function ActivitySkeleton({ title }: { title: string }) {
  return <Section title={title}><ChartsSkeleton /></Section>;
}
