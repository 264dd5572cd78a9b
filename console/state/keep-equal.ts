/**
 * Returns `next`, but with the parts of `previous` wherever they are equal, so that components of unchanged parts need
 * not be rendered again. If nothing differs, it returns `previous` itself.
 *
 * @param next and `previous` consist of plain objects, arrays and simple values.
 */
export function keepEqual<Data>(previous: unknown, next: Data): Data {
  if (Object.is(previous, next)) return next
  if (Array.isArray(previous) && Array.isArray(next)) {
    const kept: unknown[] = next.map((item, index) => keepEqual(previous[index], item))
    const isEqual = previous.length === kept.length && kept.every((item, index) => item === previous[index])
    return (isEqual ? previous : kept) as Data
  }
  if (isPlain(previous) && isPlain(next)) {
    const kept = Object.fromEntries(
      Object.entries(next).map(([name, value]) => [name, keepEqual(previous[name], value)]),
    )
    const names = Object.keys(kept)
    const isEqual =
      names.length === Object.keys(previous).length &&
      names.every((name) => Object.hasOwn(previous, name) && kept[name] === previous[name])
    return (isEqual ? previous : kept) as Data
  }
  return next
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
