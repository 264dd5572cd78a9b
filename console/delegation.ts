export type ActionHandler = (event: Event) => void
export type InputHandler = (field: HTMLInputElement | HTMLSelectElement) => void

/**
 * Handles clicks, form submissions and input of the whole document. Elements name their handler in `data-action` or
 * `data-input`, so handlers need not be attached again when elements are replaced.
 */
export function delegateEvents(
  actions: Readonly<Record<string, ActionHandler>>,
  inputs: Readonly<Record<string, InputHandler>>,
): void {
  const runAction = (event: Event) => {
    const element = event.target instanceof Element ? event.target.closest('[data-action]') : null
    const runsOnSubmit = element instanceof HTMLFormElement
    if (element !== null && runsOnSubmit === (event.type === 'submit'))
      actions[element.getAttribute('data-action') ?? '']?.(event)
  }
  document.addEventListener('click', runAction)
  document.addEventListener('submit', (event) => {
    event.preventDefault()
    runAction(event)
  })
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement)
      inputs[target.getAttribute('data-input') ?? '']?.(target)
  })
}
