import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { FunctionPool } from '../functions/function-pool.ts'
import { accessKeyFor, functionVariables } from '../functions/function-variables.ts'
import { passesFilter } from '../functions/log-filter.ts'
import type { WorkerSetup } from '../functions/worker-messages.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const functionSchema = z.strictObject({
  FunctionName: z.string().optional(),
  Runtime: z.literal('nodejs24.x', 'the local runner runs nodejs24.x only'),
  Handler: z.string().regex(/^[^/]+\.[^.]+$/, 'must be module.export'),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Role: z.string(),
  Timeout: z.coerce.number().int().min(1).max(900).default(3),
  MemorySize: z.coerce.number().int().min(128).default(128),
  ReservedConcurrentExecutions: z.coerce.number().int().min(0).optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  LoggingConfig: z.strictObject({ LogGroup: z.string() }).partial().loose().optional(),
  // These properties do not change the behavior of the code.
  Architectures: unused,
  Description: unused,
  EphemeralStorage: unused,
  PackageType: unused,
  RecursiveLoop: unused,
  RuntimeManagementConfig: unused,
  Tags: unused,
  TracingConfig: unused,
  VpcConfig: unused,
})

export const lambdaFunction: ResourceKind = {
  type: 'AWS::Lambda::Function',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('FunctionName') ?? physicalName(stackName, logicalId, 64)
    return { ref: name, attributes: { Arn: `arn:aws:lambda:${region}:${accountId}:function:${name}` } }
  },
  create(resources, account) {
    for (const resource of resources) {
      account.functions.set(resource.identity.ref, createPool(resource, account))
    }
  },
}

/** Finds the module of the handler in the function's asset. */
function findCode(
  logicalId: string,
  { Code, Handler }: z.output<typeof functionSchema>,
  { assetFolder }: EmulatedAccount['settings'],
): { folder: string; setup: WorkerSetup } {
  const folder = assetFolder(Code.S3Key)
  if (folder === undefined) throw new StartupError(`${logicalId}: the assembly has no asset ${Code.S3Key}`)
  const [moduleName = '', exportName = ''] = Handler.split('.')
  const file = ['mjs', 'js', 'cjs'].map((extension) => join(folder, `${moduleName}.${extension}`)).find(existsSync)
  if (file === undefined) throw new StartupError(`${logicalId}: ${folder} has no module ${moduleName}`)
  return { folder, setup: { moduleUrl: pathToFileURL(file).href, exportName } }
}

function createPool(resource: Resource, account: EmulatedAccount): FunctionPool {
  const properties = readProperties(functionSchema, resource)
  const { target, settings, monitor, log } = account
  const name = resource.identity.ref
  const roleName = properties.Role.split('/').at(-1) ?? properties.Role
  const { folder, setup } = findCode(resource.logicalId, properties, settings)
  const accessKeyId = accessKeyFor(name)
  account.principals.set(accessKeyId, { roleName, functionName: name, path: resource.path })
  const logGroupName = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`
  const label = resource.path.split('/').at(-1) ?? resource.path
  return new FunctionPool({
    path: resource.path,
    name,
    arn: resource.identity.attributes.Arn ?? name,
    logGroupName,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    setup,
    variables: functionVariables({
      templateVariables: properties.Environment?.Variables ?? {},
      name,
      handler: properties.Handler,
      runtime: properties.Runtime,
      memoryMegabytes: properties.MemorySize,
      logGroupName,
      taskRoot: folder,
      region: target.region,
      accessKeyId,
      awsEndpointUrl: target.awsEndpointUrl,
    }),
    onMetric: (metric, value) =>
      monitor.put({ namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: name } }, value),
    onLine: (line, stream) => {
      monitor.putFromLogLine(line)
      if (passesFilter(line, stream, settings.logs)) log(`${label}: ${line}`)
    },
    onFailure: ({ errorType, errorMessage, stack }) => {
      if (settings.logs !== 'none') log(`${label}: ${stack ?? `${errorType}: ${errorMessage}`}`)
    },
  })
}
