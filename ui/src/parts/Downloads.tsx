/** The rows of a filter as files, and as a line for a shell. */

import type { ListName, Parameters } from '../api/lists'
import { downloadUrl } from '../api/lists'
import { Button } from '../kit/Button'
import { copyText } from '../kit/Copy'
import { Icon } from '../kit/Icon'
import { useLanguage, useText } from '../kit/language'
import { useToast } from '../kit/toasts'
import { curlLine } from '../lib/curl'
import { count } from '../lib/numbers'
import { PARTS } from './text'

const FORMATS = ['csv', 'json', 'ndjson'] as const

interface Props {
  list: ListName | 'issues'
  project: string | undefined
  asked: Parameters
  total: number | undefined
  /** What it is of, where a page has downloads of several lists. */
  what?: string
}

export function Downloads({ list, project, asked, total, what }: Props) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const tell = useToast()
  const url = (format: string) => downloadUrl(`/api/v1/${list}/export`, project, [...asked, ['format', format]])
  const copyCurl = () => {
    void copyText(curlLine(location.origin + url('ndjson'))).then(() => tell({ message: texts.curlCopied }))
  }
  return (
    <p className="below">
      {total !== undefined && <span>{texts.rows(count(total, language), total)}</span>}
      {FORMATS.map((format) => (
        <a key={format} className="link" href={url(format)} download={`${list}.${format}`}>
          {what === undefined ? texts.download(format.toUpperCase()) : texts.downloadOf(what, format.toUpperCase())}
        </a>
      ))}
      <Button kind="quiet" onPress={copyCurl}>
        <Icon name="copy" /> {what === undefined ? texts.curl : texts.curlOf(what)}
      </Button>
    </p>
  )
}
