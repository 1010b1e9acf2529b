import { userAgent } from '../../http/user-agent.ts'
import { type Host, WaybillError } from '../../sdk.ts'
import type { AzureBlobConfig } from './config.ts'
import type { BlobModule, ContainerClient, IdentityModule, ServiceClient } from './driver.ts'

/** The address of the account, without a secret. */
export function accountUrl({ storageAccount, storageConnectionString, endpoint }: AzureBlobConfig): string {
  if (storageConnectionString) {
    const part = (name: string) => new RegExp(`(?:^|;)${name}=([^;]+)`, 'i').exec(storageConnectionString.reveal())?.[1]
    const suffix = part('EndpointSuffix') ?? 'core.windows.net'
    const address = part('BlobEndpoint') ?? `${part('DefaultEndpointsProtocol') ?? 'https'}://${part('AccountName')}.blob.${suffix}`
    return trimmed(address)
  }
  return trimmed(endpoint.includes('://') ? endpoint : `https://${storageAccount}.${endpoint}`)
}

const trimmed = (address: string): string => address.replace(/\/+$/, '')

/** Connects to nothing yet. Rejects with WaybillError `PACKAGE_MISSING`, or `INVALID_OPTION` for what is no connection string. */
export async function connect(config: AzureBlobConfig, load: Host['load']): Promise<ContainerClient> {
  const { BlobServiceClient, StorageSharedKeyCredential } = await load<BlobModule>('@azure/storage-blob')
  const { storageAccount, storageAccountKey, storageConnectionString, sasToken, container } = config
  const { maxTries, tryTimeout, retryDelay, maxRetryDelay } = config.pipelineConfig
  const options = {
    retryOptions: { maxTries, tryTimeoutInMs: tryTimeout, retryDelayInMs: retryDelay, maxRetryDelayInMs: maxRetryDelay },
    userAgentOptions: { userAgentPrefix: userAgent },
  }
  const url = accountUrl(config)
  const service = async (): Promise<ServiceClient> => {
    if (storageConnectionString) return BlobServiceClient.fromConnectionString(storageConnectionString.reveal(), options)
    if (sasToken) return new BlobServiceClient(`${url}?${sasToken.reveal().replace(/^\?/, '')}`, undefined, options)
    const credential = storageAccountKey
      ? new StorageSharedKeyCredential(storageAccount!, storageAccountKey.reveal())
      : await identityOf(config, load)
    return new BlobServiceClient(url, credential, options)
  }
  try {
    return (await service()).getContainerClient(container)
  } catch (thrown) {
    if (thrown instanceof WaybillError || !storageConnectionString) throw thrown
    // What the client says may hold a part of it.
    throw new WaybillError('INVALID_OPTION', 'what is given as storage_connection_string is none', {
      hint: 'take it as a whole from the access keys of the account: DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…',
    })
  }
}

async function identityOf({ azTenantId, clientId, clientSecret, userAssignedId }: AzureBlobConfig, load: Host['load']): Promise<object> {
  const { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } = await load<IdentityModule>('@azure/identity')
  if (clientSecret) return new ClientSecretCredential(azTenantId!, clientId!, clientSecret.reveal())
  return userAssignedId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId: userAssignedId })
}
