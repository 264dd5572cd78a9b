import { effect } from '@preact/signals'
import { render } from 'preact'
import { language } from './language.ts'
import { Console } from './layout/console.tsx'
import { followAddress } from './state/address.ts'
import { followScroll } from './state/scroll.ts'
import { joinTabs } from './state/session.ts'

followScroll()
followAddress()
joinTabs()
effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})
document.body.replaceChildren()
render(<Console />, document.body)
