import { describe, expect, it } from 'vitest'

import { parseSearch, writeSearch } from './search'
import { isAsSaved, savedQuery, searchOf } from './views'

describe('a saved view', () => {
  it('is the screen without what is of the moment; relative ranges stay relative', () => {
    const search = parseSearch('?from=now-6h&level=ERROR&level=FATAL&columns=time,body&open=x&tab=raw&view=v&project=shop')
    expect(savedQuery(search)).toBe('from=now-6h&level=ERROR&level=FATAL&columns=time%2Cbody')
    expect(savedQuery({})).toBe('')
  })

  it('opens in its own project, and the link says which view it is', () => {
    expect(writeSearch(searchOf({ id: 'v', project: 'shop', query: 'level=ERROR&from=now-6h' }))).toBe('?level=ERROR&from=now-6h&project=shop&view=v')
  })

  it('is told from what was changed since, in any order', () => {
    const view = { id: 'v', project: 'shop', query: 'level=ERROR&from=now-6h' }
    expect(isAsSaved(parseSearch('from=now-6h&level=ERROR&view=v&project=shop&open=3'), view)).toBe(true)
    expect(isAsSaved(parseSearch('from=now-1h&level=ERROR&view=v'), view)).toBe(false)
  })
})
