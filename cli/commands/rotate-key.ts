import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { Option } from '@commander-js/extra-typings'
import { dynamodbCallbackCountReader } from '../../adapters/dynamodb/callback-counter.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { createInstallationCommand } from '../create-command.ts'
import { findInstallation, type Installation } from '../installation.ts'
import { describeRotation, type RotationReport, retirableAt } from '../rotate-key/describe.ts'
import { readKeyUsage, type UsageRequest } from '../rotate-key/key-usage.ts'
import { checkNewKey, generateKey, readKeys, withKeys } from '../rotate-key/keys.ts'
import { planRotation } from '../rotate-key/plan.ts'
import { readCurrentVersion, replaceVersion } from '../rotate-key/secret-version.ts'
import { readSecret, type SecretInput } from '../secret-input.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

const newKeyInput: SecretInput = {
  option: 'new-key',
  variable: 'NORTHBOUND_NEW_KEY',
  name: { en: 'the new key', zh: '新密钥' },
}

interface RotationOptions {
  readonly retire?: true | undefined
  readonly dryRun?: true | undefined
  readonly yes?: true | undefined
}

/** `rotate-key`: makes a new check-code key the current one, or removes the previous one. */
export function rotateKeyCommand(terminal: Terminal) {
  const say = (en: string, zh: string) => inLanguage(terminal, { en, zh })
  return createInstallationCommand(
    terminal,
    'rotate-key',
    {
      en: 'makes a new check-code key the current one, and the current one the previous; both are valid',
      zh: '启用新的北向接口校验密钥，原来的当前密钥成为旧密钥，两者均有效',
    },
    ['--stack Northbound', '--stack Northbound --new-key-file key.txt', '--stack Northbound --retire'],
  )
    .option(
      '--new-key <key>',
      say(
        'the new key; "-" reads it from standard input (or the variable NORTHBOUND_NEW_KEY); random without it',
        '新密钥；“-”表示从标准输入读取（也可使用环境变量 NORTHBOUND_NEW_KEY）；不指定则随机生成',
      ),
    )
    .option('--new-key-file <file>', say('a file with the new key', '保存新密钥的文件'))
    .addOption(
      new Option('--retire', say('remove the previous key instead', '改为移除旧密钥')).conflicts([
        'newKey',
        'newKeyFile',
      ]),
    )
    .option('--dry-run', say('print what would be done and how the keys are used', '只打印将执行的操作和密钥使用情况'))
    .option('--yes', say('also drop a key that is still in use', '即使密钥仍在使用也照常执行'))
    .action(async ({ newKey: value, newKeyFile, ...options }) => {
      const given = options.retire ? undefined : await readSecret(terminal, newKeyInput, value, newKeyFile)
      if (given !== undefined) checkNewKey(given)
      const installation = await findInstallation(options, terminal.signal)
      const report = await rotate(installation, given, options, terminal.signal)
      printResult(terminal, options, {
        json: toJson(report),
        lines: describeRotation(report).map((line) => inLanguage(terminal, line)),
      })
    })
}

async function rotate(
  installation: Installation,
  given: string | undefined,
  { retire, dryRun, yes }: RotationOptions,
  signal: AbortSignal,
): Promise<RotationReport> {
  const secrets = new SecretsManagerClient(installation.clients)
  const secretArn = installation.output('CheckCodeSecretArn')
  const version = await readCurrentVersion(secrets, secretArn, signal)
  const keys = readKeys(version.text)
  const newKey = retire ? undefined : (given ?? generateKey())
  const now = Date.now()
  const hasPrevious = keys.previous !== undefined
  const usage = await readUsage(installation, { savedAt: version.savedAt, hasPrevious, now, signal })
  const { outcome, after } = planRotation(keys, newKey, usage, yes === true)
  signal.throwIfAborted()
  if (!dryRun && outcome !== 'unchanged')
    await replaceVersion(secrets, secretArn, version, withKeys(version.text, after))
  const isGenerated = given === undefined && outcome === 'rotated' && !dryRun
  return {
    outcome,
    isDryRun: dryRun === true,
    generatedKey: isGenerated ? newKey : undefined,
    usage,
    hasPrevious: after.previous !== undefined,
    now,
  }
}

function readUsage({ clients, output, stackName }: Installation, request: UsageRequest) {
  const client = documentClient(new DynamoDBClient(clients))
  const sources = {
    cloudWatch: new CloudWatchClient(clients),
    counts: dynamodbCallbackCountReader(client, output('StateTableName')),
    namespace: stackName,
  }
  return readKeyUsage(sources, request)
}

function toJson(report: RotationReport) {
  const { outcome, isDryRun, generatedKey, usage } = report
  const at = retirableAt(report)
  return {
    outcome,
    dry_run: isDryRun,
    ...(generatedKey !== undefined && { new_key: generatedKey }),
    callbacks_last_hour: { current: usage.current, previous: usage.previous, unverified: usage.unverified },
    retirable_at: at === undefined ? null : new Date(at).toISOString(),
  }
}
