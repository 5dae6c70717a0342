/** The words of the page that follows one thing through everything that happened. */

import { catalogue } from '../../lib/language'

export const TIMELINE = catalogue(
  {
    kind: 'By',
    value: 'Value',
    kinds: (name: string) =>
      ({
        actor: 'Actor (id or e-mail)',
        target: 'Target (type:id)',
        session_id: 'Session',
        correlation_id: 'Request (correlation id)',
        trace_id: 'Trace',
        batch_id: 'Batch',
        around: 'A moment or an entry’s id',
      })[name] ?? name,
    go: 'Show what happened',
    window: (minutes: number) => `±${minutes} min around it`,
    signals: 'Signals',
    allSignals: 'All signals',
    wider: '±5 minutes more',
    order: 'Order',
    oldest: 'Oldest first',
    newest: 'Newest first',
    start: 'Whom or what do you want to follow?',
    startBody: 'An actor, a thing, a session, a request, a trace, a batch or a moment: everything that was recorded of it, from all signals, on one line.',
    more: 'Show more',
  },
  {
    kind: 'לפי',
    value: 'ערך',
    kinds: (name: string) =>
      ({
        actor: 'מבצע (מזהה או דוא״ל)',
        target: 'יעד (סוג:מזהה)',
        session_id: 'ביקור',
        correlation_id: 'בקשה (correlation id)',
        trace_id: 'מעקב (trace)',
        batch_id: 'אצווה',
        around: 'רגע, או מזהה רשומה',
      })[name] ?? name,
    go: 'הצגת מה שקרה',
    window: (minutes: number) => `±${minutes} דקות סביבו`,
    signals: 'אותות',
    allSignals: 'כל האותות',
    wider: 'עוד ±5 דקות',
    order: 'סדר',
    oldest: 'מהישן לחדש',
    newest: 'מהחדש לישן',
    start: 'אחר מי או מה לעקוב?',
    startBody: 'מבצע, דבר, ביקור, בקשה, מעקב, אצווה או רגע: כל מה שנרשם עליו, מכל האותות, על קו אחד.',
    more: 'הצגת עוד',
  },
)
