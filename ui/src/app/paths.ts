/**
 * All pages, once: path, place in the navigation, key, and what is loaded. A page that comes with a later issue is
 * one more row here.
 */

import type { ComponentType } from 'react'

import type { IconName } from '../kit/Icon'
import type { Permission } from '../api/session'
import { SHELL } from './text'

type ShellName = keyof (typeof SHELL)['en']

export interface PageEntry {
  id: string
  path: string
  /** Other addresses of the same page, that people may know. */
  aliases?: readonly string[]
  title: Extract<ShellName, `page${string}`>
  /** Shown in the navigation with this icon; other pages are reached from within. */
  icon?: IconName
  /** Behind `g`. */
  key?: string
  /** Reached without signing in. */
  isPublic?: boolean
  needs?: Permission
  /** What it is on the screen can be kept under a name. */
  hasViews?: boolean
  load: () => Promise<{ default: ComponentType }>
}

export const PAGES: readonly PageEntry[] = [
  { id: 'activity', path: '/', aliases: ['/activity', '/dashboard/activity'], title: 'pageActivity', icon: 'activity', key: 'a', hasViews: true, load: () => import('../pages/activity/Page') },
  { id: 'audit', path: '/audit', aliases: ['/admin/audit'], title: 'pageAudit', icon: 'audit', key: 'u', hasViews: true, load: () => import('../pages/audit/Page') },
  { id: 'entry', path: '/audit/$id', aliases: ['/admin/audit/$id'], title: 'pageEntry', load: () => import('../pages/entry/Page') },
  { id: 'logs', path: '/logs', title: 'pageLogs', icon: 'logs', key: 'l', hasViews: true, load: () => import('../pages/logs/Page') },
  { id: 'errors', path: '/errors', aliases: ['/admin/errors'], title: 'pageErrors', icon: 'error', key: 'e', needs: 'read_telemetry', load: () => import('../pages/errors/Page') },
  { id: 'analytics', path: '/errors/analytics', aliases: ['/admin/errors/analytics'], title: 'pageAnalytics', load: () => import('../pages/analytics/Page') },
  { id: 'releases', path: '/errors/releases', aliases: ['/admin/errors/releases'], title: 'pageReleases', load: () => import('../pages/releases/Page') },
  { id: 'jobs', path: '/errors/jobs', aliases: ['/admin/errors/jobs'], title: 'pageJobs', load: () => import('../pages/jobs/Page') },
  { id: 'feedback', path: '/errors/feedback', aliases: ['/admin/errors/feedback'], title: 'pageFeedback', load: () => import('../pages/feedback/Page') },
  { id: 'issue', path: '/errors/$id', aliases: ['/admin/errors/$id'], title: 'pageIssue', load: () => import('../pages/issue/Page') },
  { id: 'timeline', path: '/timeline', aliases: ['/investigate'], title: 'pageTimeline', icon: 'timeline', key: 't', hasViews: true, load: () => import('../pages/timeline/Page') },
  { id: 'cases', path: '/cases', title: 'pageCases', icon: 'cases', key: 'c', needs: 'read_audit', load: () => import('../pages/cases/Page') },
  { id: 'case', path: '/cases/$id', title: 'pageCase', load: () => import('../pages/case/Page') },
  { id: 'health', path: '/server', aliases: ['/dashboard/health'], title: 'pageHealth', icon: 'health', key: 'h', load: () => import('../pages/health/Page') },
  { id: 'welcome', path: '/welcome', title: 'pageWelcome', icon: 'plus', key: 'w', load: () => import('../pages/welcome/Page') },
  { id: 'settings', path: '/settings', aliases: ['/admin/settings'], title: 'pageSettings', icon: 'settings', key: 's', load: () => import('../pages/settings/Page') },
  { id: 'sign-in', path: '/sign-in', title: 'pageSignIn', isPublic: true, load: () => import('../pages/sign-in/Page') },
  { id: 'setup', path: '/setup', title: 'pageSetUp', isPublic: true, load: () => import('../pages/setup/Page') },
]
