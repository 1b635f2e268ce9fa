import { BellRing, Boxes, CalendarClock, ChartColumn, ChartSpline, Gauge, Inbox, LayoutDashboard, Layers, ListChecks, Settings, Workflow } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  /** The second key after `g`. */
  key: string;
}

export const places: Place[] = [
  { to: '/', label: 'Jobs', icon: LayoutDashboard, key: 'j' },
  { to: '/dlq', label: 'Dead letters', icon: Inbox, key: 'd' },
  { to: '/workflows', label: 'Workflows', icon: Workflow, key: 'w' },
  { to: '/batches', label: 'Batches', icon: Boxes, key: 'b' },
  { to: '/queues', label: 'Queues', icon: Layers, key: 'q' },
  { to: '/limits', label: 'Limits', icon: Gauge, key: 'l' },
  { to: '/schedules', label: 'Schedules', icon: CalendarClock, key: 'c' },
  { to: '/operations', label: 'Operations', icon: ListChecks, key: 'o' },
  { to: '/metrics', label: 'Metrics', icon: ChartSpline, key: 'm' },
  { to: '/analytics', label: 'Analytics', icon: ChartColumn, key: 'a' },
  { to: '/alerts', label: 'Alerts', icon: BellRing, key: 't' },
  { to: '/settings', label: 'Settings', icon: Settings, key: 's' },
];
