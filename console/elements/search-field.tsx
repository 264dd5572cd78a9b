import { useEffect, useRef, useState } from 'preact/hooks'
import { changeParameters } from '../state/address.ts'

/** Each search is a request, so it waits until the user pauses. */
const typingMs = 300

type SearchFieldProps = {
  readonly id: string
  readonly label: string
  /** The text in the address. */
  readonly value: string
}

/** A field whose text becomes the parameter `q` of the address. */
export function SearchField({ id, label, value }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The address can change without the field, but must not replace what is being typed.
  useEffect(() => {
    if (typing.current === undefined) setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(typing.current), [])
  const search = (typed: string) => {
    setText(typed)
    clearTimeout(typing.current)
    typing.current = setTimeout(() => {
      typing.current = undefined
      changeParameters({ q: typed })
    }, typingMs)
  }
  return (
    <label>
      {label}
      <input
        type="search"
        dir="auto"
        id={id}
        autocomplete="off"
        value={text}
        onInput={({ currentTarget }) => search(currentTarget.value)}
      />
    </label>
  )
}
