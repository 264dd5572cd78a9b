/**
 * Replaces the children of an element with the given nodes, but reuses children that are already the same, so that
 * focus, scroll positions and typed text survive a refresh. Children with a `data-key` are matched by the key, others by
 * their position.
 */
export function patchChildren(parent: Element, nodes: readonly Node[]): void {
  const existingByKey = new Map<string, Element>()
  for (const child of parent.children) {
    const key = keyOf(child)
    if (key !== undefined) existingByKey.set(key, child)
  }
  let position: ChildNode | null = parent.firstChild
  for (const node of nodes) {
    const key = keyOf(node)
    const existing = key === undefined ? position : (existingByKey.get(key) ?? null)
    if (existing === null || !canReuse(existing, node)) {
      parent.insertBefore(node, position)
      position = node.nextSibling
      continue
    }
    if (existing !== position) parent.insertBefore(existing, position)
    patchNode(existing, node)
    position = existing.nextSibling
  }
  while (position !== null) {
    const surplus = position
    position = position.nextSibling
    surplus.remove()
  }
}

function patchNode(existing: Node, node: Node): void {
  if (existing === node) return
  if (!(existing instanceof Element) || !(node instanceof Element)) {
    if (existing.nodeValue !== node.nodeValue) existing.nodeValue = node.nodeValue
    return
  }
  for (const { name } of [...existing.attributes]) if (!node.hasAttribute(name)) existing.removeAttribute(name)
  for (const { name, value } of node.attributes)
    if (existing.getAttribute(name) !== value) existing.setAttribute(name, value)
  patchChildren(existing, [...node.childNodes])
}

function canReuse(existing: Node, node: Node): boolean {
  return existing.nodeName === node.nodeName && keyOf(existing) === keyOf(node)
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute('data-key') ?? undefined) : undefined
}
