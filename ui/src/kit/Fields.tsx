/** Fields of forms, with their label, their description and their error. */

import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  SwitchButton,
  SwitchField,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'

import { Icon } from './Icon'

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'password' | 'search' | 'number'
  description?: ReactNode
  error?: string | undefined
  isRequired?: boolean
  autoComplete?: string
  placeholder?: string
  /** Code, ids and addresses read from left to right. */
  code?: boolean
  lines?: number
  autoFocus?: boolean
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, type = 'text', description, error, code = false, lines = 1 } = props
  const shared = {
    className: 'input',
    dir: code ? 'ltr' : 'auto',
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
  }
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      type={type}
      isRequired={props.isRequired ?? false}
      isInvalid={error !== undefined}
      autoFocus={props.autoFocus ?? false}
      validationBehavior="aria"
      {...(props.autoComplete === undefined ? {} : { autoComplete: props.autoComplete })}
    >
      <Label>{label}</Label>
      {lines > 1 ? <TextArea {...shared} rows={lines} /> : <Input {...shared} />}
      {description !== undefined && (
        <Text slot="description" className="field-description">
          {description}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  )
}

export interface Option {
  id: string
  label: string
  description?: string
}

interface SelectProps {
  label: string
  value: string
  options: readonly Option[]
  onChange: (id: string) => void
  /** The label is read out but not shown. */
  quiet?: boolean
  description?: string
}

export function Select({ label, value, options, onChange, quiet = false, description }: SelectProps) {
  return (
    <AriaSelect
      className={quiet ? 'field quiet' : 'field'}
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      {...(quiet ? { 'aria-label': label } : {})}
    >
      {!quiet && <Label>{label}</Label>}
      <AriaButton className="button plain select-button">
        <SelectValue />
        <Icon name="down" />
      </AriaButton>
      {description !== undefined && (
        <Text slot="description" className="field-description">
          {description}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="options" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="option">
              <Text slot="label">{option.label}</Text>
              {option.description !== undefined && <Text slot="description">{option.description}</Text>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

interface SwitchProps {
  children: ReactNode
  isOn: boolean
  onChange: (on: boolean) => void
  isDisabled?: boolean
}

export function Switch({ children, isOn, onChange, isDisabled = false }: SwitchProps) {
  return (
    <SwitchField isSelected={isOn} onChange={onChange} isDisabled={isDisabled}>
      <SwitchButton className="switch">
        <span className="switch-track" aria-hidden="true">
          <span className="switch-thumb" />
        </span>
        {children}
      </SwitchButton>
    </SwitchField>
  )
}
