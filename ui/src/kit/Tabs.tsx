/** Tabs whose choice the link holds. */

import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'

export interface TabEntry {
  id: string
  label: string
  content: () => ReactNode
}

interface Props {
  label: string
  tabs: readonly TabEntry[]
  chosen: string
  onChoose: (id: string) => void
}

export function Tabs({ label, tabs, chosen, onChoose }: Props) {
  return (
    <AriaTabs className="tabs" selectedKey={chosen} onSelectionChange={(key) => onChoose(String(key))}>
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab" ref={tab.id === chosen ? showChosen : undefined}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.id === chosen ? tab.content() : null}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}

/** On a narrow window the list scrolls, and a link may name its last tab. The page itself stays where it is. */
function showChosen(tab: HTMLElement | null): void {
  const list = tab?.parentElement
  if (tab === null || list == null) return
  const [box, at] = [list.getBoundingClientRect(), tab.getBoundingClientRect()]
  list.scrollLeft += Math.max(0, at.right - box.right) - Math.max(0, box.left - at.left)
}
