import { checkPayload, examplePayload } from '@/features/jobs/payload';
import { drafts, useDraft } from '@/lib/drafts';
import { writeJson } from '@/lib/json';
import type { PutSchedule, ScheduleDetail, Task } from '@/types';

import { usePutSchedule } from './api/put-schedule';
import { blankFields, fieldsOf, ownZone, toPut, whenOf, type ScheduleFields } from './schedule-form';

const FALLBACK = 'simulated';

interface Draft {
  picked: string;
  fields: ScheduleFields;
  /** The payload written for each task. */
  texts: Record<string, string>;
}

function firstDraft(known: ScheduleDetail | undefined): Draft {
  const tz = ownZone();
  if (!known) return { picked: '', fields: blankFields(tz), texts: {} };
  return { picked: known.task, fields: fieldsOf(known, tz), texts: { [known.task]: writeJson(known.payload, 2) } };
}

/** The state of the schedule dialog, which outlives it until the schedule is saved. */
export function useScheduleForm(tasks: Task[], known: ScheduleDetail | undefined) {
  const name = `schedule:${known ? `${known._id}:${String(known.rev)}` : ''}`;
  const [draft, setDraft] = useDraft<Draft>(name, () => firstDraft(known));
  const put = usePutSchedule();
  const task = tasks.find((each) => each.name === (draft.picked || FALLBACK)) ?? (draft.picked ? undefined : tasks[0]);
  const text = draft.texts[task?.name ?? ''];
  const payload = text ?? examplePayload(task?.schema);
  const checked = checkPayload(payload, task?.schema);
  const when = whenOf(draft.fields);
  const edit = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change });
    put.reset();
  };
  return {
    task, payload, checked, put, when,
    fields: draft.fields,
    untouched: text === undefined,
    pick: (next: Task) => { edit({ picked: next.name }); },
    change: (change: Partial<ScheduleFields>) => { edit({ fields: { ...draft.fields, ...change } }); },
    edit: (next: string) => { edit({ texts: { ...draft.texts, [task?.name ?? '']: next } }); },
    forget: () => { drafts.drop(name); },
    schedule: (): PutSchedule | null => (checked.ok && task && when ? toPut(draft.fields, when, task.name, checked.value, known) : null),
  };
}
