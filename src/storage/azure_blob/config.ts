import { duration, secret, size, z } from '../../sdk.ts'

const pipelineConfig = z.strictObject({
  maxTries: z.int().min(1).default(1).describe('How often a request is sent. By itself once: whoever waits for the answer tries again.'),
  tryTimeout: duration().prefault('2m').describe('A request without an answer for so long has failed.'),
  retryDelay: duration().prefault('4s').describe('How long is waited before the second try; then longer.'),
  maxRetryDelay: duration().prefault('2m').describe('How long is waited at most.'),
})

const readerConfig = z.strictObject({
  maxRetryRequests: z.int().min(0).default(3).describe('How often a download that breaks off is taken up where it was.'),
})

/** How to reach a container of Azure Blob Storage: the keys of the bucket files of Thanos and OpenCost, and a SAS token. */
export const azureBlobConfig = z
  .strictObject({
    storageAccount: z.string().min(1).optional().describe('The storage account. Not asked where a connection string tells it.'),
    storageAccountKey: secret().optional().describe('Key of the account.'),
    storageConnectionString: secret().optional().describe('Account and key, or SAS token, as the portal of Azure shows them.'),
    sasToken: secret().optional().describe('Shared access signature, for the account or the container.'),
    container: z.string().min(1).describe('The container. It is made with the first file when it is missing.'),
    endpoint: z
      .string()
      .min(1)
      .default('blob.core.windows.net')
      .describe('What follows the account in the name of the host; or the whole address of the account, with http:// or https://.'),
    azTenantId: z.string().min(1).optional().describe('Tenant of an application that is registered with Entra.'),
    clientId: z.string().min(1).optional().describe('Identifier of that application.'),
    clientSecret: secret().optional().describe('Secret of that application.'),
    userAssignedId: z.string().min(1).optional().describe('Client id of the managed identity, where it is not that of the machine.'),
    msiResource: z.string().optional().describe('Of no meaning here; taken because others write it.'),
    partSize: size()
      .refine((bytes) => bytes >= 2 ** 16, 'parts have 64 KiB or more')
      .prefault('8MiB')
      .describe('Length of the blocks that streams are sent in.'),
    pipelineConfig: pipelineConfig.prefault({}).describe('How requests are sent.'),
    readerConfig: readerConfig.prefault({}).describe('How blobs are read.'),
  })
  .superRefine((config, context) => {
    const { storageAccount, storageConnectionString, storageAccountKey, sasToken, endpoint, azTenantId, clientId, clientSecret } = config
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (!storageAccount && !storageConnectionString && !endpoint.includes('://')) issue('storageAccount', 'name the account')
    const ways = [storageConnectionString, storageAccountKey, sasToken, clientSecret].filter((way) => way !== undefined)
    if (ways.length > 1) issue('storageAccountKey', 'give one of key, connection string, SAS token and client_secret')
    if (storageAccountKey && !storageAccount) issue('storageAccount', 'name the account that the key is of')
    if (clientSecret && (azTenantId === undefined || clientId === undefined))
      issue('clientSecret', 'az_tenant_id, client_id and client_secret go together')
  })

export type AzureBlobConfig = z.output<typeof azureBlobConfig>
