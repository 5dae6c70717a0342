/**
 * One line for a query, with suggestions for what is being typed. Built on CodeMirror, so it is loaded when it is
 * first shown; until then `QueryField` shows a plain field in its place.
 */

import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { acceptCompletion, autocompletion, completionKeymap, startCompletion } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view'
import { useEffect, useRef } from 'react'

import type { QueryFieldProps, Suggest } from './QueryField'
import './query.css'

interface Props extends QueryFieldProps {
  /** Whether the plain field had the focus when this one took its place. */
  hadFocus: { readonly current: boolean }
}

export default function QueryInput(props: Props) {
  const { id, label, placeholder, value, hadFocus } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const newest = useRef(props)
  useEffect(() => {
    newest.current = props
  })
  // The editor is made once; what it is given later comes through `newest`.
  const first = useRef(value)
  useEffect(() => {
    if (box.current === null) return undefined
    const made = new EditorView({
      parent: box.current,
      doc: first.current,
      selection: { anchor: first.current.length },
      extensions: [
        looks(id, label, placeholder),
        oneLine(),
        history(),
        suggestions((text, caret, isAsked) => newest.current.suggest(text, caret, isAsked)),
        keymap.of([{ key: 'Enter', run: () => (newest.current.onSubmit(), true) }, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) newest.current.onChange(update.state.doc.toString())
        }),
      ],
    })
    view.current = made
    if (hadFocus.current) made.focus()
    return () => made.destroy()
  }, [id, label, placeholder, hadFocus])
  useEffect(() => {
    const editor = view.current
    if (editor === undefined || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, selection: { anchor: value.length } })
  }, [value])
  useEffect(() => {
    view.current?.contentDOM.setAttribute('aria-invalid', String(props.isWrong))
    view.current?.contentDOM.setAttribute('aria-describedby', props.describedBy)
  }, [props.isWrong, props.describedBy])
  return <div ref={box} className="query-input" />
}

function looks(id: string, label: string, placeholder: string) {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
  return [
    EditorView.cspNonce.of(nonce),
    placeholderOf(placeholder),
    EditorView.contentAttributes.of({ id, role: 'searchbox', 'aria-label': label, 'aria-multiline': 'false', spellcheck: 'false', autocapitalize: 'off', tabindex: '0' }),
    // A query is read from left to right; before one is typed there are only words.
    EditorView.contentAttributes.compute(['doc'], (state): Record<string, string> => (state.doc.length === 0 ? {} : { dir: 'ltr' })),
  ]
}

/** Line ends that are pasted become spaces. */
function oneLine() {
  return [
    EditorView.clipboardInputFilter.of((text) => text.trim().replace(/\s*\n\s*/g, ' ')),
    EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
  ]
}

function suggestions(suggest: Suggest) {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const found = await suggest(context.state.doc.toString(), context.pos, context.explicit)
    if (found === undefined) return null
    const { from, options } = found
    return {
      from,
      // The list is the server's; it is asked again with every change of the part.
      filter: false,
      options: options.map(({ text, detail, goesOn }) => ({
        label: text,
        ...(detail === undefined ? {} : { detail }),
        apply: (editor: EditorView, _: unknown, start: number, end: number) => {
          const insert = goesOn ? `${text}=` : `${text} `
          editor.dispatch({ changes: { from: start, to: end, insert }, selection: { anchor: start + insert.length }, userEvent: 'input.complete' })
          if (goesOn) startCompletion(editor)
        },
      })),
    }
  }
  return [
    // Enter asks the query unless somebody went into the list.
    autocompletion({ override: [source], selectOnOpen: false, interactionDelay: 0, icons: false, defaultKeymap: false }),
    Prec.highest(keymap.of([...completionKeymap, { key: 'Tab', run: acceptCompletion }])),
  ]
}
