/** What the REST API refuses or cannot do: by its `error_code` the status, and the message with the arguments in `{}`. Third parties know them: none is changed. */
const failures = {
  AccessInfoNotFound: [404, 'Access information for storage {} could not be found.'],
  AlertSourceNotFound: [404, 'Alert source for storage {} could not be found.'],
  BadRequest: [400, 'The server could not comply with the request since\r\nit is either malformed or otherwise incorrect.\r\n'],
  ConnectTimeout: [500, 'Connect timeout.'],
  ControllerNotFound: [404, 'Controller {} could not be found.'],
  DiskNotFound: [404, 'Disk {} could not be found.'],
  EmptyResourceMetrics: [501, 'Empty resource metric in capabilities'],
  FilesystemNotFound: [404, 'Filesystem {} could not be found.'],
  InternalError: [500, 'It could not be done; the log tells more.'],
  InvalidContentType: [400, 'Invalid content type: {}.'],
  InvalidInput: [400, 'Invalid input received. {}'],
  InvalidSNMPConfig: [400, 'Invalid SNMP configuration: {}'],
  InvalidStorageCapability: [500, 'Invalid capability response: {}'],
  InvalidUsernameOrPassword: [400, 'Invalid username or password.'],
  MalformedRequestBody: [400, 'Malformed request body: {}.'],
  MalformedRequestUrl: [400, 'Malformed request url.'],
  NotAuthenticated: [401, 'This needs a token, as: Authorization: Bearer …'],
  NotAuthorized: [403, 'Not authorized.'],
  NotFound: [404, 'Resource could not be found.'],
  PortNotFound: [404, 'Port {} could not be found.'],
  QtreeNotFound: [404, 'Qtree {} could not be found.'],
  QuotaNotFound: [404, 'Quota {} could not be found.'],
  RequestTooLarge: [413, 'The body has more than {} bytes.'],
  ShareNotFound: [404, 'Share {} could not be found.'],
  StorageAlreadyExists: [400, 'Storage already exists.'],
  StorageBackendException: [500, 'Exception from Storage Backend: {}.'],
  StorageCapabilityNotSupported: [501, 'Capability feature not supported by storage'],
  StorageClearAlertFailed: [500, 'Failed to clear alert. Reason: {}.'],
  StorageDriverNotFound: [404, "Storage driver '{}'could not be found."],
  StorageIsSyncing: [400, 'Storage {} is syncing now, please try again later.'],
  StorageListAlertFailed: [500, 'Failed to list alerts. Reason: {}.'],
  StorageNotFound: [404, 'Storage {} could not be found.'],
  StoragePoolNotFound: [404, 'Storage pool {} could not be found.'],
  StorageSerialNumberMismatch: [400, 'Storage serial number mismatch. {}'],
  VolumeNotFound: [404, 'Volume {} could not be found.'],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>

export type FailureCode = keyof typeof failures

/** Something that was asked for and is not done. */
export class ArrayFailure extends Error {
  override readonly name = 'ArrayFailure'
  readonly code: FailureCode
  readonly status: number
  readonly args: readonly string[]

  constructor(code: FailureCode, args: readonly string[] = [], options?: ErrorOptions) {
    const [status, message] = failures[code]
    super(
      args.reduce<string>((text, arg) => text.replace('{}', () => arg), message),
      options,
    )
    this.code = code
    this.status = status
    this.args = args
  }
}
