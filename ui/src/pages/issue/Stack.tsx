/** Exceptions with their calls, the innermost first; those of the application open, with source and variables. */

import { Button } from '../../kit/Button'
import { copyText } from '../../kit/Copy'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { useToast } from '../../kit/toasts'
import { asText } from '../../lib/json'
import type { Exception, Frame } from '../../lib/stack'
import { grouped, placeOf, stackText } from '../../lib/stack'
import { LongText } from './LongText'
import { ISSUE } from './text'

export function Stack({ exceptions }: { exceptions: readonly Exception[] }) {
  const texts = useText(ISSUE)
  const tell = useToast()
  if (exceptions.length === 0) return <p className="quiet">{texts.noStack}</p>
  const copy = () => void copyText(stackText(exceptions)).then(() => tell({ message: texts.copied }))
  return (
    <section aria-labelledby="issue-stack" className="stack">
      <header className="stack-head">
        <h3 id="issue-stack">{texts.stack}</h3>
        <Button kind="quiet" onPress={copy}>
          <Icon name="copy" /> {texts.copyStack}
        </Button>
      </header>
      {exceptions.map((exception, at) => (
        <Thrown key={at} exception={exception} isCause={at > 0} />
      ))}
    </section>
  )
}

function Thrown({ exception, isCause }: { exception: Exception; isCause: boolean }) {
  const texts = useText(ISSUE)
  const { type, value, module, mechanism, handled, frames } = exception
  return (
    <div className="card">
      {isCause && <p className="quiet">{texts.causedBy}</p>}
      {(type ?? value) !== undefined && (
        <h4 className="stack-type" dir="ltr">
          {module !== undefined && <SafeText className="quiet">{`${module}.`}</SafeText>}
          <SafeText>{type}</SafeText>
          {value !== undefined && (
            <>
              {type !== undefined && ': '}
              <span className="stack-value">
                <LongText>{value}</LongText>
              </span>
            </>
          )}
        </h4>
      )}
      {handled !== undefined && (
        <p className="quiet">
          {handled ? texts.handled : texts.unhandled}
          {mechanism !== undefined && (
            <>
              {' · '}
              <SafeText code>{mechanism}</SafeText>
            </>
          )}
        </p>
      )}
      <ol className="frames" dir="ltr" aria-label={texts.frames}>
        {grouped(frames).map((group, at) => (
          <li key={at}>{group.kind === 'own' ? <Call frame={group.frame} isOpen /> : <Library frames={group.frames} />}</li>
        ))}
      </ol>
    </div>
  )
}

/** Calls of libraries that follow one another. */
function Library({ frames }: { frames: readonly Frame[] }) {
  const texts = useText(ISSUE)
  return (
    <details className="library">
      <summary>
        <bdi>{texts.library(frames.length)}</bdi>
      </summary>
      {frames.map((frame, at) => (
        <Call key={at} frame={frame} isOpen={false} />
      ))}
    </details>
  )
}

function Call({ frame, isOpen }: { frame: Frame; isOpen: boolean }) {
  const texts = useText(ISSUE)
  const name = (
    <>
      <SafeText code className="frame-function">
        {frame.function ?? '?'}
      </SafeText>{' '}
      <SafeText code className="quiet">
        {placeOf(frame)}
      </SafeText>
    </>
  )
  if (frame.source.length === 0 && frame.variables.length === 0) return <p className="frame bare">{name}</p>
  return (
    <details className="frame" open={isOpen}>
      <summary title={frame.path}>{name}</summary>
      {frame.source.length > 0 && (
        <div className="source" role="region" aria-label={texts.sourceOf(placeOf(frame))} tabIndex={0}>
          {frame.source.map(({ number, text }) => (
            <p key={number} className={number === frame.line ? 'source-line current' : 'source-line'}>
              <span className="source-number">{number}</span>
              <SafeText code>{text}</SafeText>
            </p>
          ))}
        </div>
      )}
      {frame.variables.length > 0 && (
        <table className="variables">
          <caption>
            <bdi>{texts.variables}</bdi>
          </caption>
          <tbody>
            {frame.variables.map(([variable, value]) => (
              <tr key={variable}>
                <th scope="row">
                  <SafeText code>{variable}</SafeText>
                </th>
                <td>
                  <LongText code>{asText(value) ?? 'null'}</LongText>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}
