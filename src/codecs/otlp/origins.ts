import { BoundedMap } from '../../core/bounded-map.ts'
import type { Attributes, Resource, Scope } from '../../core/index.ts'
import { keyValues } from './attributes.ts'
import type { MessageType } from './message-type.ts'
import { ofResource, ofScope } from './messages.ts'

/** What is put together under one scope of one resource, for one request after the other. */
export interface Content {
  /** Makes it empty, for another request. */
  clear(): void
}

export interface ScopeGroup<C extends Content> {
  readonly resource: ResourceGroup<C>
  /** The field `scope`, as the format has it; empty where there is none. */
  readonly head: Uint8Array
  readonly content: C
  /** The number of the request that it was last used in. */
  request: number
}

export interface ResourceGroup<C extends Content> {
  /** The field `resource`, likewise. */
  readonly head: Uint8Array
  /** Those used in the request of that number. */
  readonly scopes: ScopeGroup<C>[]
  request: number
}

export interface OriginsOptions<C extends Content> {
  /** Added to those of every resource; one that it has itself stands above them. */
  readonly resourceAttributes: Attributes
  /** A message as the format has it, without what stands around it. */
  fields<T>(type: MessageType<T>, message: T): Uint8Array
  content(): C
}

const most = 10_000

/** The resources and scopes of requests, each found again by its key. */
export class Origins<C extends Content> {
  readonly #options: OriginsOptions<C>
  readonly #resources = new BoundedMap<ResourceGroup<C>>(most)
  readonly #scopes = new BoundedMap<ScopeGroup<C>>(most)
  readonly #used: ResourceGroup<C>[] = []
  #request = 0

  constructor(options: OriginsOptions<C>) {
    this.#options = options
  }

  /** Begins a request: nothing is used in it yet. */
  begin(): void {
    this.#request++
    this.#used.length = 0
  }

  /** What the request holds. */
  get used(): readonly ResourceGroup<C>[] {
    return this.#used
  }

  /** The place for records of that origin. */
  group(resource: Resource | undefined, scope: Scope | undefined): ScopeGroup<C> {
    const key = `${resource?.key ?? ''}\n${scope?.key ?? ''}`
    const known = this.#scopes.get(key)
    if (known) return known
    const head = scope ? this.#options.fields(ofScope, { scope: { ...scope, attributes: keyValues(scope.attributes) } }) : nothing
    const made = { resource: this.#resource(resource), head, content: this.#options.content(), request: 0 }
    this.#scopes.set(key, made)
    return made
  }

  /** The content of a place for this request. */
  use(group: ScopeGroup<C>): C {
    if (group.request === this.#request) return group.content
    group.request = this.#request
    group.content.clear()
    const { resource } = group
    if (resource.request !== this.#request) {
      resource.request = this.#request
      resource.scopes.length = 0
      this.#used.push(resource)
    }
    resource.scopes.push(group)
    return group.content
  }

  #resource(resource: Resource | undefined): ResourceGroup<C> {
    const key = resource?.key ?? ''
    const known = this.#resources.get(key)
    if (known) return known
    const attributes = keyValues({ ...this.#options.resourceAttributes, ...resource?.attributes })
    const head = attributes ? this.#options.fields(ofResource, { resource: { attributes } }) : nothing
    const made = { head, scopes: [], request: 0 }
    this.#resources.set(key, made)
    return made
  }
}

const nothing = new Uint8Array()
