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
          <Tab key={tab.id} id={tab.id} className="tab">
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
