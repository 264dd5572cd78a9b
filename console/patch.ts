/**
 * Makes the children of an element those that are wanted, and leaves alone what is the same already: focus, scrolling and
 * what somebody types survive a refresh. Children with a `data-key` are known by it, others by their place.
 */
export function patchChildren(parent: Element, wanted: readonly Node[]): void {
  const keyed = new Map<string, Element>()
  for (const child of parent.children) {
    const key = keyOf(child)
    if (key !== undefined) keyed.set(key, child)
  }
  let place: ChildNode | null = parent.firstChild
  for (const next of wanted) {
    const key = keyOf(next)
    const known = key === undefined ? place : (keyed.get(key) ?? null)
    const usable = known !== null && isAlike(known, next) && (key !== undefined || keyOf(known) === undefined)
    if (!usable) {
      parent.insertBefore(next, place)
      place = next.nextSibling
      continue
    }
    if (known !== place) parent.insertBefore(known, place)
    patch(known, next)
    place = known.nextSibling
  }
  while (place !== null) {
    const gone = place
    place = place.nextSibling
    gone.remove()
  }
}

function patch(known: Node, next: Node): void {
  if (known === next) return
  if (!(known instanceof Element) || !(next instanceof Element)) {
    if (known.nodeValue !== next.nodeValue) known.nodeValue = next.nodeValue
    return
  }
  for (const { name } of [...known.attributes]) if (!next.hasAttribute(name)) known.removeAttribute(name)
  for (const { name, value } of next.attributes) if (known.getAttribute(name) !== value) known.setAttribute(name, value)
  patchChildren(known, [...next.childNodes])
}

function isAlike(known: Node, next: Node): boolean {
  return known.nodeName === next.nodeName && keyOf(known) === keyOf(next)
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute('data-key') ?? undefined) : undefined
}
