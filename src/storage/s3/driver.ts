/** What is used of the packages `@aws-sdk/client-s3` and `@aws-sdk/lib-storage`, which are loaded only where they are needed. */

export const s3Packages: Readonly<Record<string, string>> = { '@aws-sdk/client-s3': '^3.0.0', '@aws-sdk/lib-storage': '^3.0.0' }

/** Makes a request of its input. */
type CommandOf<Input, Output> = new (input: Input) => Command<Output>

declare const output: unique symbol
export interface Command<Output> {
  readonly [output]?: Output
}

export interface S3Client {
  send<Output>(command: Command<Output>, options: { abortSignal?: AbortSignal }): Promise<Output>
}

export interface OfObject {
  readonly Bucket: string
  readonly Key: string
}

export interface S3Module {
  readonly S3Client: new (config: object) => S3Client
  readonly GetObjectCommand: CommandOf<OfObject, { readonly Body?: AsyncIterable<Uint8Array> }>
  readonly HeadObjectCommand: CommandOf<OfObject, { readonly ContentLength?: number; readonly LastModified?: Date }>
  readonly PutObjectCommand: CommandOf<PutInput, object>
  readonly DeleteObjectCommand: CommandOf<OfObject, object>
  readonly ListObjectsCommand: CommandOf<ListInput & { readonly Marker?: string }, Listing & { readonly NextMarker?: string }>
  readonly ListObjectsV2Command: CommandOf<
    ListInput & { readonly ContinuationToken?: string },
    Listing & { readonly NextContinuationToken?: string }
  >
}

export interface PutInput extends OfObject {
  readonly Body: unknown
  readonly IfNoneMatch?: '*'
}

export interface ListInput {
  readonly Bucket: string
  readonly Prefix: string
  readonly Delimiter: '/'
  readonly EncodingType: 'url'
}

export interface Listing {
  readonly EncodingType?: string
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: number; readonly LastModified?: Date }[]
  readonly CommonPrefixes?: readonly { readonly Prefix?: string }[]
}

export interface UploadModule {
  readonly Upload: new (options: {
    readonly client: S3Client
    readonly params: PutInput
    readonly partSize: number
    readonly abortController: AbortController
  }) => { done(): Promise<unknown> }
}
