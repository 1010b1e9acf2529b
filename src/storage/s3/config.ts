import { duration, secret, size, z } from '../../sdk.ts'

const minPartBytes = 5 * 2 ** 20

const tlsConfig = z.strictObject({
  caFile: z.string().min(1).optional().describe('File with the certificates to trust in place of the usual ones, PEM.'),
  certFile: z.string().min(1).optional().describe('File with the certificate to show the server, PEM.'),
  keyFile: z.string().min(1).optional().describe('File with the private key of that certificate, PEM.'),
  serverName: z.string().min(1).optional().describe('Name that the server’s certificate must have.'),
  insecureSkipVerify: z.boolean().default(false).describe('Take any certificate of the server.'),
})

const httpConfig = z.strictObject({
  idleConnTimeout: duration().prefault('90s').describe('A connection that nothing was sent over for so long is closed.'),
  responseHeaderTimeout: duration().prefault('2m').describe('A request without the begin of an answer for so long has failed.'),
  tlsHandshakeTimeout: duration().prefault('10s').describe('A connection that is not there after so long has failed.'),
  expectContinueTimeout: duration().optional().describe('Of no meaning here; taken because others write it.'),
  insecureSkipVerify: z.boolean().default(false).describe('Take any certificate of the server.'),
  maxIdleConns: z.int().min(0).default(100).describe('Connections that are kept for further requests at most.'),
  maxIdleConnsPerHost: z.int().min(0).optional().describe('The same, since there is one host.'),
  maxConnsPerHost: z.int().min(0).default(0).describe('Connections that are open at most; 0: as many as there are requests.'),
  disableCompression: z.boolean().optional().describe('Of no meaning here; taken because others write it.'),
  tlsConfig: tlsConfig.prefault({}).describe('How the server proves who it is, and this client too.'),
})

const encryption = 'How objects are encrypted where they lie: with a key of S3, of KMS, or one that goes with each request.'

const sseConfig = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('SSE-S3').describe(encryption) }),
  z.strictObject({
    type: z.literal('SSE-KMS').describe(encryption),
    kmsKeyId: z.string().min(1).optional().describe('The key of KMS. Default: that of the account for S3.'),
    kmsEncryptionContext: z.record(z.string(), z.string()).prefault({}).describe('What KMS is told beside the key, by name.'),
  }),
  z.strictObject({
    type: z.literal('SSE-C').describe(encryption),
    encryptionKey: z.string().min(1).describe('File with the key, of 32 bytes.'),
  }),
])

/** How to reach a bucket of S3, or of a service that speaks its protocol: the keys of the bucket files of Thanos and OpenCost. */
export const s3Config = z
  .strictObject({
    bucket: z.string().min(1).describe('The bucket. It has to be there.'),
    region: z
      .string()
      .min(1)
      .optional()
      .describe('Region of the bucket. Default: that of the environment or the profile; us-east-1 where the service is not AWS.'),
    endpoint: z
      .string()
      .min(1)
      .optional()
      .describe('Host and port of the service, or its address with http:// or https://. Default: that of AWS in the region.'),
    insecure: z.boolean().default(false).describe('Whether the service is spoken to without TLS. Not asked where the endpoint says it.'),
    bucketLookupType: z
      .enum(['auto', 'virtual-hosted', 'path'])
      .default('auto')
      .describe('Where the bucket is told: in the name of the host, or in the path. By itself, in the path for others than AWS.'),
    accessKey: z.string().min(1).optional().describe('Identifier of the key to sign with. Default: the chain of the AWS SDK.'),
    secretKey: secret().optional().describe('The key to sign with.'),
    sessionToken: secret().optional().describe('What belongs to a key that is for a while.'),
    awsSdkAuth: z.boolean().default(false).describe('Whether the chain of the AWS SDK is to be used: then no keys may be given.'),
    stsEndpoint: z
      .string()
      .max(0, 'is not taken: set AWS_ENDPOINT_URL_STS in the environment')
      .optional()
      .describe('Of no use here: the SDK takes AWS_ENDPOINT_URL_STS from the environment.'),
    signatureVersion2: z.literal(false).optional().describe('Only version 4 of signatures is spoken.'),
    listObjectsVersion: z.enum(['', 'v1', 'v2']).default('').describe('How objects are listed: v1 for services that know nothing newer.'),
    putUserMetadata: z.record(z.string(), z.string()).prefault({}).describe('Kept with every object, by name.'),
    partSize: size()
      .refine((bytes) => bytes >= minPartBytes, 'parts have 5 MiB or more')
      .prefault('16MiB')
      .describe('Length of the parts that streams are sent in.'),
    sseConfig: sseConfig.optional().describe('How objects are encrypted where they lie. Default: as the bucket says.'),
    httpConfig: httpConfig.prefault({}).describe('Connections.'),
  })
  .refine(({ accessKey, secretKey }) => (accessKey === undefined) === (secretKey === undefined), {
    error: 'access_key and secret_key go together',
    path: ['secretKey'],
  })
  .refine(({ accessKey, awsSdkAuth }) => !awsSdkAuth || accessKey === undefined, {
    error: 'with aws_sdk_auth no keys may be given',
    path: ['awsSdkAuth'],
  })

export type S3Config = z.output<typeof s3Config>
