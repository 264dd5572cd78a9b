import { chooseLanguage, language } from '../language.ts'
import { translate } from '../words.ts'

export function LanguageButton() {
  const other = language.value === 'zh' ? 'en' : 'zh'
  return (
    <button type="button" id="language" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => chooseLanguage(other)}>
      {translate('language')}
    </button>
  )
}
