import { useMemo, useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** Everything that matches the filter, shown or not. */
  everything: boolean;
  size: number;
  toggle: (id: string) => void;
  toggleAll: (ids: string[]) => void;
  selectEverything: () => void;
  clear: () => void;
}

interface State {
  list: string;
  ids: ReadonlySet<string>;
  everything: boolean;
}

const none = (list: string): State => ({ list, ids: new Set(), everything: false });

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Which rows of a list are selected; another list (`list` identifies it) begins with none. */
export function useSelection(list: string): Selection {
  const [stored, setState] = useState(() => none(list));
  if (stored.list !== list) setState(none(list));
  return useMemo(() => {
    const state = stored.list === list ? stored : none(list);
    const set = (ids: ReadonlySet<string>, everything = false): void => { setState({ list, ids, everything }); };
    return {
      ids: state.ids,
      everything: state.everything,
      size: state.ids.size,
      toggle: (id) => { set(toggled(state.ids, id)); },
      toggleAll: (all) => { set(all.every((id) => state.ids.has(id)) ? new Set() : new Set(all)); },
      selectEverything: () => { set(state.ids, true); },
      clear: () => { set(new Set()); },
    };
  }, [stored, list]);
}
