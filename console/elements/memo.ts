import { Component, type ComponentChild, type ComponentType, type FunctionComponent, h } from 'preact'

/** Renders a component again only if its properties, or the signals that it reads, have changed. */
export function memo<Props extends object>(inner: FunctionComponent<Props>): ComponentType<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const names = Object.keys(next) as (keyof Props)[]
      return names.some((name) => next[name] !== this.props[name])
    }
    override render(props: Props): ComponentChild {
      return h(inner, props)
    }
  }
}
