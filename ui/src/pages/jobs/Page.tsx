/** Scheduled jobs: when each is due, when it was heard from last, how it stands, and what it said before. */

import { useQuery } from '@tanstack/react-query'

import { monitorsQuery } from '../../api/releases'
import type { MonitorView } from '../../api/releases'
import { Button } from '../../kit/Button'
import type { IconName } from '../../kit/Icon'
import { Icon } from '../../kit/Icon'
import { useLanguage, useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Loading, Notice } from '../../kit/States'
import { Table } from '../../kit/Table'
import { Ago, Time } from '../../kit/Time'
import { expectedOf } from '../../lib/jobs'
import { count } from '../../lib/numbers'
import { one } from '../../lib/search'
import { visibleText } from '../../lib/visible'
import { useAddress } from '../../parts/address'
import type { Address } from '../../parts/address'
import { ErrorsSections } from '../../parts/ErrorsSections'
import { Failure } from '../../parts/Failure'
import { SearchBox } from '../../parts/SearchBox'
import { CheckInMark } from './CheckInMark'
import { History } from './History'
import { JOBS } from './text'
import '../../parts/explorer.css'
import './jobs.css'

export default function JobsPage() {
  const texts = useText(JOBS)
  const address = useAddress()
  const jobs = useQuery(monitorsQuery(address.project))
  return (
    <>
      <ErrorsSections current="jobs" address={address} />
      <div className="explorer-bar">
        <SearchBox address={address} name="q" label={texts.find} placeholder={texts.find} />
      </div>
      {jobs.isPending ? (
        <Loading />
      ) : jobs.isError ? (
        <Failure error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : (
        <Jobs jobs={jobs.data} address={address} />
      )}
    </>
  )
}

const keyOf = ({ project, monitor, environment }: MonitorView): string => `${project} ${monitor} ${environment}`

function Jobs({ jobs, address }: { jobs: readonly MonitorView[]; address: Address }) {
  const texts = useText(JOBS)
  const language = useLanguage()
  const wanted = (one(address.search, 'q') ?? '').toLowerCase()
  const shown = jobs.filter(({ monitor, environment }) => `${monitor} ${environment}`.toLowerCase().includes(wanted))
  if (jobs.length === 0) {
    return (
      <Notice title={texts.none}>
        <p>{texts.noneBody}</p>
      </Notice>
    )
  }
  if (shown.length === 0) {
    return (
      <Notice title={texts.filteredOut} actions={<Button onPress={() => address.change({ q: undefined })}>{texts.all}</Button>}>
        <p>{texts.filteredOutBody(count(jobs.length, language), jobs.length)}</p>
      </Notice>
    )
  }
  return (
    <Table label={texts.jobs} heads={[texts.job, texts.environment, texts.state, texts.schedule, texts.last, texts.next, texts.history]}>
      {shown.map((job) => (
        <JobRows key={keyOf(job)} job={job} address={address} />
      ))}
    </Table>
  )
}

function JobRows({ job, address }: { job: MonitorView; address: Address }) {
  const texts = useText(JOBS)
  const isOpen = one(address.search, 'open') === keyOf(job)
  return (
    <>
      <tr>
        <th scope="row" className="job-name">
          <SafeText code>{job.monitor}</SafeText>
        </th>
        <td>
          <SafeText>{job.environment}</SafeText>
        </td>
        <td>
          <JobState state={job.state} />
        </td>
        <td className="job-schedule">
          <Schedule job={job} />
        </td>
        <td>
          <CheckInMark status={job.last_status} /> <Ago value={job.last_check_in} />
        </td>
        <td>{job.next_due === undefined ? '—' : <Time value={job.next_due} precision="minute" />}</td>
        <td>
          <Button pressed={isOpen} label={texts.show(visibleText(job.monitor))} onPress={() => address.change({ open: isOpen ? undefined : keyOf(job) }, 'replace')}>
            <Icon name="down" />
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={7}>
            <History job={job} address={address} />
          </td>
        </tr>
      )}
    </>
  )
}

const STATES: Record<string, { icon: IconName; tone: string }> = {
  ok: { icon: 'check', tone: 'good' },
  failing: { icon: 'error', tone: 'error' },
  unscheduled: { icon: 'help', tone: 'plain' },
}

function JobState({ state }: { state: string }) {
  const texts = useText(JOBS)
  const shape = STATES[state] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${shape.tone}`}>
      <Icon name={shape.icon} />
      {texts.stateOf(state)}
    </span>
  )
}

function Schedule({ job }: { job: MonitorView }) {
  const texts = useText(JOBS)
  const { crontab, every, zone, margin, longest } = expectedOf(job.config)
  if (crontab === undefined && every === undefined) return '—'
  const more = [...(margin === undefined ? [] : [texts.margin(margin)]), ...(longest === undefined ? [] : [texts.longest(longest)])]
  return (
    <>
      {crontab === undefined ? every !== undefined && texts.every(every.number, every.unit) : <SafeText code className="job-crontab">{crontab}</SafeText>}{' '}
      <SafeText code className="quiet">
        {zone}
      </SafeText>
      {more.length > 0 && <p className="quiet">{more.join(' · ')}</p>}
    </>
  )
}
