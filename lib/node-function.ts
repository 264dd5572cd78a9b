import { fileURLToPath } from 'node:url'
import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import * as logs from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export interface NodeFunctionProps {
  /** Folder below `lambdas/` whose `index.ts` is the entry. */
  readonly folder: string
  readonly description: string
  readonly timeout: Duration
  /** MB; the share of a CPU goes with it. */
  readonly memorySize: number
  readonly environment: Record<string, string>
}

/**
 * A bundled Node 24 function with its own log group (with a retention) and its own role.
 *
 * The role starts with nothing but writing to that log group; what the function may call is granted
 * statement by statement where the function is wired, so that the template reads as the list of calls.
 */
export class NodeFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new iam.Role(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.folder} may call`,
    })
    logGroup.grantWrite(role)
    super(scope, id, {
      entry: `${projectRoot}lambdas/${props.folder}/index.ts`,
      projectRoot,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: props.environment,
      role,
      logGroup,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        // `module` first: the ES module builds are the ones a bundler can shake.
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        sourcesContent: false,
        // The SDK is bundled, so what was tested is what runs.
        externalModules: [],
        // Some CommonJS dependencies still call require() for Node's own modules.
        banner:
          "import { createRequire as nbCreateRequire } from 'node:module'; const require = nbCreateRequire(import.meta.url);",
      },
    })
  }

  /** Grants exactly these actions on exactly these resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }))
  }
}
