import { DescribeTableCommand, DynamoDBClient, ScanCommand, type TableDescription } from '@aws-sdk/client-dynamodb'
import { foldVersion, unknownFoldVersion } from '../../../core/state/fold-version.ts'
import { type TableSchema, tableSchemas } from '../../../names/table-schemas.ts'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

/** Items of the state table that are looked at. */
const maxScannedItems = 200

/** Whether the tables have the keys and indexes that the functions need; a table that was adopted may lack them. */
export function tablesCheck({ installation }: StackAccess): Check {
  return {
    name: 'tables',
    async run(abortSignal) {
      const client = new DynamoDBClient(installation.clients)
      const check = async (output: string, schema: TableSchema) => {
        const TableName = installation.output(output)
        const { Table } = await client.send(new DescribeTableCommand({ TableName }), { abortSignal })
        return checkTable(TableName, schema, Table ?? {})
      }
      const findings = await Promise.all([
        check('EventLogTableName', tableSchemas.eventLog),
        check('StateTableName', tableSchemas.state),
      ])
      return findings
    },
  }
}

export function checkTable(name: string, schema: TableSchema, table: TableDescription): Finding {
  const { ok, remark, problem } = findingsOf('tables')
  const page = 'docs/upgrade.md#adopted-tables'
  const keysOf = (elements: TableDescription['KeySchema']) => (elements ?? []).map(({ AttributeName }) => AttributeName)
  const wantedKeys = [schema.partitionKey.name, schema.sortKey.name]
  const found = new Map(table.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index]))
  const wrong = schema.indexes.filter(({ name: indexName, partitionKey, sortKey }) => {
    const keys = keysOf(found.get(indexName)?.KeySchema)
    return keys.join() !== [partitionKey.name, sortKey.name].join()
  })
  if (keysOf(table.KeySchema).join() !== wantedKeys.join())
    return problem(
      { en: `the table ${name} has other keys than the functions need`, zh: `表 ${name} 的主键与所需不符` },
      { next: { en: 'Adopt a table with the right keys.', zh: '请改用主键正确的表。' }, page },
    )
  if (wrong.length > 0) {
    const names = wrong.map((index) => index.name)
    return problem(
      { en: `the table ${name} lacks the index ${names.join(', ')}`, zh: `表 ${name} 缺少索引 ${names.join('、')}` },
      { next: { en: 'Add it, one index at a time.', zh: '请逐个添加索引。' }, page },
    )
  }
  const building = [...found.values()].filter(
    ({ IndexStatus }) => IndexStatus !== undefined && IndexStatus !== 'ACTIVE',
  )
  if (building.length > 0)
    return remark(
      { en: `an index of the table ${name} is being built`, zh: `表 ${name} 的索引正在创建` },
      { next: { en: 'Wait until it is active.', zh: '请等待其变为可用。' }, page },
    )
  return ok({ en: `the table ${name} has the keys and indexes that are needed`, zh: `表 ${name} 的主键和索引符合要求` })
}

/** Whether the state was folded with the rules of this checkout. */
export function foldVersionCheck({ installation }: StackAccess): Check {
  return {
    name: 'fold_version',
    async run(abortSignal) {
      const client = new DynamoDBClient(installation.clients)
      const scan = new ScanCommand({
        TableName: installation.output('StateTableName'),
        Limit: maxScannedItems,
        ProjectionExpression: '#fold',
        ExpressionAttributeNames: { '#fold': 'fold' },
      })
      const { Items = [] } = await client.send(scan, { abortSignal })
      const versions = Items.flatMap(({ fold }) => (fold?.N === undefined ? [] : [Number(fold.N)]))
      return [checkFoldVersions(versions)]
    },
  }
}

export function checkFoldVersions(versions: readonly number[]): Finding {
  const { ok, remark, problem } = findingsOf('fold_version')
  const newest = Math.max(unknownFoldVersion, ...versions)
  if (newest > foldVersion)
    return problem(
      {
        en: `the state was folded with version ${newest} of the rules, and this checkout has ${foldVersion}`,
        zh: `状态由版本 ${newest} 的规则计算，而本地代码的规则版本是 ${foldVersion}`,
      },
      {
        next: { en: 'Update this checkout before you rebuild or deploy.', zh: '重建或部署之前，请先更新本地代码。' },
        page: 'docs/upgrade.md#steps',
      },
    )
  if (versions.length > 0 && newest < foldVersion)
    return remark(
      {
        en: `the state was folded with version ${newest} of the rules; this checkout has ${foldVersion}`,
        zh: `状态由版本 ${newest} 的规则计算；本地代码的规则版本是 ${foldVersion}`,
      },
      {
        next: { en: 'Deploy this checkout, or rebuild if it is deployed.', zh: '请部署本地代码；若已部署，请重建。' },
        page: 'docs/upgrade.md#steps',
      },
    )
  return ok({
    en: `the rules of this checkout (version ${foldVersion}) are those of the stored state`,
    zh: `本地代码的规则版本（${foldVersion}）与已存储的状态一致`,
  })
}
