/** Settings: one's own account for everybody, the rest for those who administer. */

import { may, useMe } from '../../api/session'
import { useText } from '../../kit/language'
import { Notice } from '../../kit/States'
import { Tabs } from '../../kit/Tabs'
import { one } from '../../lib/search'
import { useAddress } from '../../parts/address'
import { VIEWS } from '../../parts/views-text'
import { Account } from './Account'
import { Keys } from './Keys'
import { Projects } from './Projects'
import { Redaction } from './Redaction'
import { Retention } from './Retention'
import { Switches } from './Switches'
import { SETTINGS } from './text'
import { Users } from './Users'
import { Views } from './Views'
import './settings.css'

export default function SettingsPage() {
  const texts = useText(SETTINGS)
  const views = useText(VIEWS)
  const { search, change } = useAddress()
  const me = useMe()
  const administered = (content: () => React.ReactNode) => () =>
    may(me, 'administer') ? (
      <div className="settings">{content()}</div>
    ) : (
      <Notice icon="sealed" tone="warning" title={texts.notAllowed}>
        <p>{texts.notAllowedBody}</p>
      </Notice>
    )
  return (
    <Tabs
      label={texts.tabs}
      chosen={one(search, 'tab') ?? 'account'}
      onChoose={(tab) => change({ tab: tab === 'account' ? undefined : tab })}
      tabs={[
        { id: 'account', label: texts.account, content: () => <Account /> },
        { id: 'views', label: views.views, content: () => <Views /> },
        { id: 'projects', label: texts.projects, content: administered(() => <Projects />) },
        { id: 'keys', label: texts.keys, content: administered(() => <Keys />) },
        { id: 'users', label: texts.users, content: administered(() => <Users />) },
        { id: 'redaction', label: texts.redaction, content: administered(() => <Redaction />) },
        { id: 'retention', label: texts.retention, content: administered(() => <Retention />) },
        { id: 'switches', label: texts.switches, content: administered(() => <Switches />) },
      ]}
    />
  )
}
