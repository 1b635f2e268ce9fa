/** The editor of JSON text: CodeMirror, in a chunk of its own. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.string, color: 'var(--completed)' },
  { tag: tags.number, color: 'var(--running)' },
  { tag: [tags.bool, tags.null], color: 'var(--retrying)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink-2)', backgroundColor: 'var(--surface)', fontSize: 'var(--editor-size)', maxHeight: '24rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px', borderRadius: '0.375rem' },
  '.cm-scroller': { fontFamily: "'Geist Mono Variable', ui-monospace, Menlo, monospace", lineHeight: '1.25rem', minHeight: '9rem' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--ink-3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in oklab, var(--accent) 28%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--line-strong)' },
});

export interface EditorHandle {
  /** Takes over a text that was not typed here. */
  set: (text: string) => void;
  describe: (invalid: boolean) => void;
  focus: () => void;
  destroy: () => void;
}

interface EditorOptions {
  label: string;
  text: string;
  onChange: (text: string) => void;
}

/** With a tabindex, tools see that a text longer than its box can be scrolled by the keyboard. */
const labels = (label: string, invalid: boolean) => ({ 'aria-label': label, 'aria-invalid': String(invalid), tabindex: '0' });

/**
 * Puts an editor into `host`. It lives in a shadow root, whose style sheets are made by script, as the page's policy
 * allows no style elements. Tab indents; Escape, then Tab, leaves.
 */
export function createEditor(host: HTMLElement, { label, text, onChange }: EditorOptions): EditorHandle {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  let invalid = false;
  const view = new EditorView({
    parent: root as unknown as Element,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(),
        EditorView.lineWrapping, indentUnit.of('  '), json(), syntaxHighlighting(colours), look,
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of(() => labels(label, invalid)),
        EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()); }),
      ],
    }),
  });
  return {
    set: (next) => {
      if (next !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    describe: (next) => {
      invalid = next;
      view.contentDOM.setAttribute('aria-invalid', String(next));
    },
    focus: () => { view.focus(); },
    destroy: () => { view.destroy(); },
  };
}
