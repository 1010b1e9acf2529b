/** What is used of the package `@google-cloud/storage`, which is loaded only where credentials are needed. */

export const gcsPackages: Readonly<Record<string, string>> = { '@google-cloud/storage': '^8.0.0' }

export interface GcsModule {
  readonly Storage: new (options: { readonly credentials?: object }) => { readonly authClient: AuthClient }
}

export interface AuthClient {
  /** One that is good for a while yet; asked for anew only when it no longer is. */
  getAccessToken(): Promise<string | null | undefined>
}
