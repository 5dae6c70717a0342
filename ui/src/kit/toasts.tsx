/** Short messages about what was just done; read out politely and gone after a while. */

import type { ReactNode } from 'react'
import { createContext, use, useCallback, useRef, useState } from 'react'

import { Button } from './Button'
import { Icon } from './Icon'
import { KIT } from './text'
import { useText } from './language'

export interface Toast {
  message: string
  tone?: 'plain' | 'failed'
  /** As undoing what was done. */
  action?: { label: string; run: () => void }
}

type Tell = (toast: Toast) => void
const ToastContext = createContext<Tell>(() => undefined)
const SHOWN_MS = 6000

export function useToast(): Tell {
  return use(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const texts = useText(KIT)
  const [toasts, setToasts] = useState<(Toast & { id: number })[]>([])
  const last = useRef(0)
  const remove = (id: number) => setToasts((before) => before.filter((one) => one.id !== id))
  const tell = useCallback((toast: Toast) => {
    last.current += 1
    const id = last.current
    setToasts((before) => [...before.slice(-3), { ...toast, id }])
    setTimeout(() => setToasts((before) => before.filter((one) => one.id !== id)), SHOWN_MS)
  }, [])
  return (
    <ToastContext value={tell}>
      {children}
      {/* Above dialogs and drawers also for the keyboard and for screen readers. */}
      <div className="toasts" role="status" aria-live="polite" data-react-aria-top-layer="true">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast ${toast.tone ?? 'plain'}`}>
            <span>{toast.message}</span>
            {toast.action !== undefined && (
              <Button kind="quiet" onPress={toast.action.run}>
                {toast.action.label}
              </Button>
            )}
            <Button kind="quiet" label={texts.close} onPress={() => remove(toast.id)}>
              <Icon name="close" />
            </Button>
          </div>
        ))}
      </div>
    </ToastContext>
  )
}
